import type { Place, Role } from "./script.ts";

/** What kind of failure it is; the `type` of a JUnit failure. */
export type DeviationKind = "mismatch" | "timeout" | "closed" | "noise" | "tls" | "connect" | "error";

/** The facts of a failure. Texts are byte strings with the secrets masked. */
export interface DeviationFacts {
  readonly kind: DeviationKind;
  /** What is wrong in a few words. */
  readonly summary: string;
  /** The line of the script that was not met. */
  readonly at: Place;
  /** The text of that line. */
  readonly script: string;
  readonly expected?: string;
  readonly actual?: string;
  /** Offset in `actual` of the first wrong character. */
  readonly differsAt?: number;
  /** A line of the reply that is asked for and not there. */
  readonly missing?: string;
  /** What was still waiting, and other sentences. */
  readonly details?: readonly string[];
  readonly hint?: string;
}

/** The conversation is not the script. */
export class Deviation extends Error {
  override readonly name = "Deviation";
  readonly facts: DeviationFacts;

  constructor(facts: DeviationFacts, options?: ErrorOptions) {
    super(`${facts.at.file}:${facts.at.line}   ${facts.summary}`, options);
    this.facts = facts;
  }
}

/** A line of the script that was said or heard. */
export interface TraceLine {
  readonly at: Place;
  /** Since the beginning. */
  readonly ms: number;
  /** As in a script: `S@data: 250 OK`, or a direction in parentheses. Masked, a byte string. */
  readonly text: string;
  readonly speaker?: Role;
}

/** What stands under one comment of the script. */
export interface Phase {
  readonly title: string;
  readonly startMs: number;
  endMs: number;
  readonly lines: TraceLine[];
  /** `TLSv1.3` */
  readonly notes: string[];
}

/** How one performance of one script went. */
export interface Outcome {
  readonly file: string;
  readonly title: string;
  readonly verb: "play" | "serve";
  readonly target: string;
  readonly ms: number;
  readonly phases: readonly Phase[];
  /** Faults that fired, in order. */
  readonly faults: readonly string[];
  /** Rules that never fired. */
  readonly warnings: readonly string[];
  readonly failure?: DeviationFacts;
  /** Why the script is not about this server: it does not offer what the header `requires` names. */
  readonly skipped?: string;
}

/** News of a performance while it runs. */
export type TraceEvent =
  | { readonly type: "phase"; readonly title: string; readonly at: Place }
  | ({ readonly type: "line" } & TraceLine)
  | { readonly type: "fault"; readonly text: string };
