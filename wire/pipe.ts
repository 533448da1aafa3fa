import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { flushSoon, type Speaking } from "./burst.ts";
import type { ConnectionAbout, Interceptor } from "./interceptor.ts";
import type { Guest } from "./listener.ts";
import { Passage } from "./passage.ts";

/** Hears what goes through a pipe: of the front (the client's side) or of the back. */
export type PipeWatcher = (from: "front" | "back", bytes: Buffer) => void;

/**
 * Two sockets as one connection: what one says, the other hears; a half-close is a half-close, a reset a reset, and who
 * does not read stops whoever speaks. Both must be half-open (`allowHalfOpen`). Without stages a chunk costs one write,
 * when everybody has been heard whose bytes are there in this turn of the event loop.
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
    this.#forth = new Direction(this, front, back, watch && ((bytes) => watch("front", bytes)));
    this.#return = new Direction(this, back, front, watch && ((bytes) => watch("back", bytes)));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    let open = 2;
    const gone = (): void => {
      open -= 1;
      if (open > 0) return;
      this.#forth.close();
      this.#return.close();
      resolve();
    };
    this.#forth.whenGone(gone);
    this.#return.whenGone(gone);
  }

  /** Whether both sides have ended, and both have been told everything that was said before. */
  get isOver(): boolean {
    return this.#forth.isOver && this.#return.isOver;
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

/** So many bytes need not wait for company: sending them costs more than waking whoever hears them. */
const largeBytes = 16_384;

/** One direction of a pipe. */
class Direction implements Speaking {
  readonly #pipe: Pipe;
  readonly #from: Socket;
  readonly #to: Socket;
  #passage: Passage | undefined;
  /** What came in this turn of the event loop. */
  #unsent: Buffer | undefined;
  #hasEnded = false;

  constructor(pipe: Pipe, from: Socket, to: Socket, watch: ((bytes: Buffer) => void) | undefined) {
    this.#pipe = pipe;
    this.#from = from;
    this.#to = to;
    from.on("data", (bytes: Buffer) => {
      watch?.(bytes);
      if (this.#passage) this.#passage.write(bytes);
      else this.#tell(bytes);
      this.#pauseWhenFull();
    });
    from.on("end", () => this.#end());
    // It may have ended before anybody listened; rules are put in after this.
    if (from.readableEnded) queueMicrotask(() => this.#end());
    from.on("error", () => {});
    to.on("drain", () => this.#resume());
  }

  get isOver(): boolean {
    return this.#hasEnded && !this.#unsent && this.#to.writableLength === 0;
  }

  get passage(): Passage {
    if (this.#passage) return this.#passage;
    this.flush();
    const to = this.#to;
    this.#passage = new Passage({
      write: (bytes) => void (to.writable && to.write(bytes)),
      end: () => void to.end(),
      reset: () => this.#pipe.reset(),
    });
    this.#passage.whenRoom = () => this.#resume();
    return this.#passage;
  }

  whenGone(gone: () => void): void {
    const from = this.#from;
    const to = this.#to;
    if (from.closed) {
      gone();
      return;
    }
    from.on("close", () => {
      if (!to.destroyed) {
        this.flush();
        if (from.errored) resetSocket(to);
        // Somebody of ours destroyed it, or it has said and heard everything.
        else if (!from.readableEnded) to.destroy();
      }
      gone();
    });
  }

  flush(): void {
    const bytes = this.#unsent;
    this.#unsent = undefined;
    if (bytes) {
      this.#write(bytes);
      this.#pauseWhenFull();
    }
    if (!this.#hasEnded) return;
    // Of those who have both ended a close says as much as a FIN. TLS has a farewell of its own.
    if (this.#pipe.isOver && !(this.#to instanceof TLSSocket)) this.#pipe.destroy();
    else this.#to.end();
  }

  close(): void {
    this.#passage?.close();
  }

  #tell(bytes: Buffer): void {
    if (!this.#unsent && bytes.length < largeBytes) {
      this.#unsent = bytes;
      flushSoon(this);
      return;
    }
    this.flush();
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    if (this.#to.writable) this.#to.write(bytes);
  }

  #end(): void {
    if (this.#passage) {
      this.#passage.end();
      return;
    }
    this.#hasEnded = true;
    flushSoon(this);
  }

  #pauseWhenFull(): void {
    if (this.#to.writableNeedDrain || this.#passage?.isFull) this.#from.pause();
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
