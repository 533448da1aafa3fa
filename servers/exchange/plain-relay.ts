import type { Socket } from "node:net";
import { dialSocket } from "../../wire/dial.ts";
import { destinationOf } from "../../wire/exchange/target.ts";
import type { Guest } from "../../wire/listener.ts";
import { Pipe } from "../../wire/pipe.ts";
import type { RelayHouse } from "./relay-house.ts";

/** A client and a server with a pipe between them that does not know what they say. */
export class PlainRelay implements Guest {
  readonly #socket: Socket;
  #pipe: Pipe | undefined;

  constructor(socket: Socket, connection: number, house: RelayHouse) {
    this.#socket = socket;
    socket.on("error", () => {});
    void this.#begin(connection, house);
  }

  leave(): void {
    this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
    this.#pipe?.destroy();
  }

  async #begin(
    connection: number,
    { target, connectTimeoutMs, interceptor, recorder }: RelayHouse,
  ): Promise<void> {
    const note = (event: string): void =>
      void recorder.record(connection, "*", event, performance.timeOrigin + performance.now());
    const remoteAddress = this.#socket.remoteAddress ?? "";
    let back: Socket;
    try {
      back = await dialSocket(destinationOf(target), connectTimeoutMs);
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      this.#socket.resetAndDestroy();
      return;
    }
    const pipe = new Pipe(this.#socket, back);
    this.#pipe = pipe;
    if (this.#socket.destroyed) back.destroy();
    if (interceptor) pipe.intercept(interceptor, { connection, remoteAddress, note });
  }
}
