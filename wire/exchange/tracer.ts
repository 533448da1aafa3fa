import type { Place, Role } from "./script.ts";
import type { Phase, TraceEvent, TraceLine } from "./trace.ts";

/** Writes down how a performance goes, in phases that the comments of the script name. */
export class Tracer {
  readonly phases: Phase[] = [];
  readonly faults: string[] = [];
  readonly #startMs = performance.now();
  readonly #mask: (bytes: string) => string;
  readonly #tell: ((event: TraceEvent) => void) | undefined;

  constructor(mask: (bytes: string) => string, tell?: (event: TraceEvent) => void) {
    this.#mask = mask;
    this.#tell = tell;
  }

  get ms(): number {
    return performance.now() - this.#startMs;
  }

  phase(title: string, at: Place): void {
    const ms = this.ms;
    // Two comments in a row are one heading; an empty comment is none.
    const last = this.phases.at(-1);
    if (title === "" || (last !== undefined && last.lines.length === 0 && last.title !== "")) return;
    this.phases.push({ title, startMs: ms, endMs: ms, lines: [], notes: [] });
    this.#tell?.({ type: "phase", title, at });
  }

  line(at: Place, text: string, speaker?: Role): void {
    const phase = this.#current();
    const ms = this.ms;
    const masked = this.#mask(text);
    const line: TraceLine =
      speaker === undefined ? { at, ms, text: masked } : { at, ms, text: masked, speaker };
    phase.lines.push(line);
    phase.endMs = ms;
    this.#tell?.({ type: "line", ...line });
  }

  note(text: string): void {
    this.#current().notes.push(text);
  }

  fault(text: string): void {
    this.faults.push(text);
    this.#tell?.({ type: "fault", text });
  }

  /** The last line that somebody said. */
  get lastSpoken(): TraceLine | undefined {
    for (const phase of this.phases.toReversed()) {
      const found = phase.lines.findLast((line) => line.speaker !== undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #current(): Phase {
    if (this.phases.length === 0) this.phases.push({ title: "", startMs: 0, endMs: 0, lines: [], notes: [] });
    return this.phases.at(-1)!;
  }
}
