/** Where bytes go next: a socket, or somebody who does something to them first. */
export interface Sink {
  write(bytes: Buffer): void;
  /** FIN. */
  end(): void;
  /** RST, at once. */
  reset(): void;
}

/** Something that the bytes of one direction go through: it may hold, cut, change or swallow them. */
export interface Stage {
  write(bytes: Buffer, next: Sink): void;
  /** The speaker has ended; whoever holds bytes gives them before. */
  end(next: Sink): void;
  /** It was put into a connection. */
  begin?(next: Sink): void;
  /** Bytes that wait here. */
  readonly heldBytes: number;
  /** It is taken out of a live connection: let go of what is held. */
  leave?(next: Sink): void;
  /** The connection is gone. */
  close?(): void;
}

/** Bytes that may wait in the stages before the speaker is asked to pause. */
const maxHeldBytes = 262_144;

/**
 * One direction of a connection with stages in it, which come and go while bytes flow:
 *
 * ```
 * write ──► latency ──► bandwidth ──► sink
 * ```
 */
export class Passage implements Sink {
  /** Called when stages that were too full have room again. */
  whenRoom: (() => void) | undefined;
  readonly #sink: Sink;
  readonly #links: Link[] = [];
  readonly #waiting: (() => void)[] = [];
  #wasFull = false;

  constructor(sink: Sink) {
    this.#sink = {
      write: (bytes) => {
        sink.write(bytes);
        this.#moved();
      },
      end: () => {
        sink.end();
        this.#moved();
      },
      reset: () => sink.reset(),
    };
  }

  /** Bytes that are not through yet. */
  get heldBytes(): number {
    return this.#links.reduce((sum, { stage }) => sum + stage.heldBytes, 0);
  }

  /** Whether the speaker should pause. */
  get isFull(): boolean {
    this.#wasFull = this.#links.length > 0 && this.heldBytes > maxHeldBytes;
    return this.#wasFull;
  }

  /** Put a stage behind the others; the result takes it out. */
  add(stage: Stage): () => void {
    const link = new Link(stage, this.#sink);
    const last = this.#links.at(-1);
    if (last) last.next = link;
    this.#links.push(link);
    link.begin();
    return () => {
      const at = this.#links.indexOf(link);
      if (at === -1) return;
      this.#links.splice(at, 1);
      const before = this.#links[at - 1];
      if (before) before.next = link.next;
      stage.leave?.(link.next);
      stage.close?.();
      this.#moved();
    };
  }

  write(bytes: Buffer): void {
    (this.#links[0] ?? this.#sink).write(bytes);
  }

  end(): void {
    (this.#links[0] ?? this.#sink).end();
  }

  reset(): void {
    this.#sink.reset();
  }

  /** Resolved when no stage holds anything. */
  async emptied(): Promise<void> {
    if (this.heldBytes > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The connection is gone: no stage does anything any more. */
  close(): void {
    for (const { stage } of this.#links) stage.close?.();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #moved(): void {
    const held = this.heldBytes;
    if (held === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    if (!this.#wasFull || held > maxHeldBytes) return;
    this.#wasFull = false;
    this.whenRoom?.();
  }
}

/** A stage and what follows it, as a sink for whoever stands before. */
class Link implements Sink {
  readonly stage: Stage;
  next: Sink;

  constructor(stage: Stage, next: Sink) {
    this.stage = stage;
    this.next = next;
  }

  begin(): void {
    this.stage.begin?.(this.#behind);
  }

  write(bytes: Buffer): void {
    this.stage.write(bytes, this.#behind);
  }

  end(): void {
    this.stage.end(this.#behind);
  }

  reset(): void {
    this.next.reset();
  }

  /** What follows now: it can change while a stage holds bytes. */
  readonly #behind: Sink = {
    write: (bytes) => this.next.write(bytes),
    end: () => this.next.end(),
    reset: () => this.next.reset(),
  };
}
