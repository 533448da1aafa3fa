import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ConnectionAbout, Interceptor } from "./interceptor.ts";
import type { Guest } from "./listener.ts";
import { Passage } from "./passage.ts";

/** Hears what goes through a pipe: of the front (the client's side) or of the back. */
export type PipeWatcher = (from: "front" | "back", bytes: Buffer) => void;

/**
 * Two sockets as one connection: what one says, the other hears; a half-close is a half-close, a reset a reset, and who
 * does not read stops whoever speaks. Both must be half-open (`allowHalfOpen`). Without stages a chunk costs one write.
 */
export class Pipe implements Guest {
  readonly front: Socket;
  readonly back: Socket;
  /** Resolved when both sockets are gone. */
  readonly closed: Promise<void>;
  readonly #forth: Direction;
  readonly #return: Direction;

  constructor(front: Socket, back: Socket, watch?: PipeWatcher) {
    this.front = front;
    this.back = back;
    const reset = (): void => this.reset();
    this.#forth = new Direction(front, back, reset, watch && ((bytes) => watch("front", bytes)));
    this.#return = new Direction(back, front, reset, watch && ((bytes) => watch("back", bytes)));
    this.closed = Promise.all([gone(front), gone(back)]).then(() => {
      this.#forth.close();
      this.#return.close();
    });
  }

  /** What the bytes of the client go through. */
  get incoming(): Passage {
    return this.#forth.passage;
  }

  /** What the bytes of the server go through. */
  get outgoing(): Passage {
    return this.#return.passage;
  }

  /** Let rules put their stages into it, until it is closed. */
  intercept(interceptor: Interceptor, about: About): void {
    const watcher = interceptor.open(new PipeAbout(this, about));
    if (watcher?.closed) void this.closed.then(() => watcher.closed?.());
  }

  leave(): void {
    this.destroy();
  }

  destroy(): void {
    this.front.destroy();
    this.back.destroy();
  }

  reset(): void {
    resetSocket(this.front);
    resetSocket(this.back);
  }
}

type About = Omit<ConnectionAbout, "incoming" | "outgoing">;

/** What rules know of a pipe; its passages are made when they ask for them. */
class PipeAbout implements ConnectionAbout {
  readonly connection: number;
  readonly remoteAddress: string;
  readonly note: (event: string) => void;
  readonly #pipe: Pipe;

  constructor(pipe: Pipe, { connection, remoteAddress, note }: About) {
    this.#pipe = pipe;
    this.connection = connection;
    this.remoteAddress = remoteAddress;
    this.note = note;
  }

  get incoming(): Passage {
    return this.#pipe.incoming;
  }

  get outgoing(): Passage {
    return this.#pipe.outgoing;
  }
}

/** One direction of a pipe. */
class Direction {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #reset: () => void;
  #passage: Passage | undefined;
  /** Chunks go through our hands; before they are piped by Node, which is faster. */
  #isListening = false;

  constructor(from: Socket, to: Socket, reset: () => void, watch: ((bytes: Buffer) => void) | undefined) {
    this.#from = from;
    this.#to = to;
    this.#reset = reset;
    if (watch) this.#listen(watch);
    else from.pipe(to, { end: false });
    const end = (): void => void (this.#passage ?? to).end();
    from.on("end", end);
    // It may have ended before anybody listened; rules are put in after this.
    if (from.readableEnded) queueMicrotask(end);
    from.on("error", () => {});
    from.on("close", () => {
      if (to.destroyed) return;
      if (from.errored) resetSocket(to);
      // Somebody of ours destroyed it, or it has said and heard everything.
      else if (!from.readableEnded) to.destroy();
    });
  }

  get passage(): Passage {
    if (this.#passage) return this.#passage;
    const to = this.#to;
    if (!this.#isListening) {
      this.#from.unpipe(to);
      this.#listen();
      this.#from.resume();
    }
    this.#passage = new Passage({
      write: (bytes) => void (to.writable && to.write(bytes)),
      end: () => void to.end(),
      reset: this.#reset,
    });
    this.#passage.whenRoom = () => this.#resume();
    return this.#passage;
  }

  close(): void {
    this.#passage?.close();
  }

  #listen(watch?: (bytes: Buffer) => void): void {
    this.#isListening = true;
    const to = this.#to;
    this.#from.on("data", (bytes: Buffer) => {
      watch?.(bytes);
      if (this.#passage) this.#passage.write(bytes);
      else to.write(bytes);
      if (to.writableNeedDrain || this.#passage?.isFull) this.#from.pause();
    });
    to.on("drain", () => this.#resume());
  }

  #resume(): void {
    if (!this.#to.writableNeedDrain && !this.#passage?.isFull) this.#from.resume();
  }
}

function resetSocket(socket: Socket): void {
  // Node cannot reset below TLS; the other side sees a connection that broke off.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => socket.once("close", () => resolve()));
}
