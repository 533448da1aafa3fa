import { connect, type Socket } from "node:net";
import { Connection, type ConnectionOwner } from "../../wire/connection.ts";
import { WireError } from "../../wire/errors.ts";
import { decodeResp, encodeCommand, type RespFound, type RespValue } from "../../wire/resp.ts";
import type { StoreAddress } from "./options.ts";

interface Waiting {
  readonly resolve: (reply: RespValue) => void;
  readonly reject: (error: WireError) => void;
}

/**
 * One connection to a store. Commands of one turn of the event loop leave in one write, and replies come back in the
 * order of the commands. What comes when nobody waits for a reply is a message of a channel.
 */
export class StoreLine implements ConnectionOwner {
  /** Hears messages of channels. */
  pushed: ((message: RespValue) => void) | undefined;
  /** Called once, when the connection is gone. */
  gone: (() => void) | undefined;
  readonly #name: string;
  readonly #connection: Connection;
  readonly #waiting: Waiting[] = [];
  /** The first of `#waiting` that has no reply yet. */
  #next = 0;
  #unread = "";
  #isScheduled = false;

  /** @throws WireError CONNECT_FAILED, TIMED_OUT; REPLY_UNEXPECTED when it does not let us in */
  static async dial(address: StoreAddress, timeoutMs: number): Promise<StoreLine> {
    const line = new StoreLine(await connected(address, timeoutMs), address.name);
    const replies = await Promise.all(address.opening.map((words) => line.call(words)));
    for (const [index, reply] of replies.entries()) {
      if (reply.type !== "error") continue;
      line.close();
      throw new WireError(
        "REPLY_UNEXPECTED",
        `${address.name} after ${address.opening[index]![0]}: expected OK, got ${reply.text}`,
      );
    }
    return line;
  }

  private constructor(socket: Socket, name: string) {
    this.#connection = new Connection(socket, this, { encoding: "latin1" });
    this.#name = name;
  }

  get isGone(): boolean {
    return this.#connection.isClosed;
  }

  /** @throws WireError CONNECTION_LOST */
  call(words: readonly string[]): Promise<RespValue> {
    return new Promise((resolve, reject) => {
      if (this.isGone) {
        reject(this.#lost());
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.send(words);
    });
  }

  /** A command whose replies come as messages: SUBSCRIBE. */
  send(words: readonly string[]): void {
    this.#connection.say(encodeCommand(words));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#connection.flush();
    });
  }

  close(): void {
    this.#connection.destroy();
  }

  received(bytes: Buffer): void {
    this.#unread += bytes.toString("latin1");
    let at = 0;
    for (let found = this.#decode(at); found; found = this.#decode(at)) {
      at = found.end;
      const waiting = found.value.type === "push" ? undefined : this.#waiting[this.#next];
      if (waiting) {
        this.#next++;
        waiting.resolve(found.value);
      } else this.pushed?.(found.value);
    }
    if (at > 0) this.#unread = this.#unread.slice(at);
    if (this.#next === this.#waiting.length) this.#waiting.length = this.#next = 0;
  }

  ended(): void {
    this.close();
  }

  drained(): void {}

  closed(error: Error | undefined): void {
    const lost = this.#lost(error);
    for (const { reject } of this.#waiting.splice(this.#next)) reject(lost);
    this.gone?.();
  }

  #decode(at: number): RespFound {
    try {
      return decodeResp(this.#unread, at);
    } catch {
      // Nothing that follows can be read either; whoever waits hears that the connection is lost.
      this.close();
      return undefined;
    }
  }

  #lost(cause?: Error): WireError {
    return new WireError("CONNECTION_LOST", `to ${this.#name}${cause ? `: ${cause.message}` : ""}`, {
      cause,
    });
  }
}

async function connected({ to, name }: StoreAddress, timeoutMs: number): Promise<Socket> {
  const socket = connect({ ...to, noDelay: true });
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new WireError("TIMED_OUT", `${name} did not accept a connection in ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (cause: Error): void => {
      clearTimeout(timer);
      reject(new WireError("CONNECT_FAILED", `${name}: ${cause.message}`, { cause }));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
