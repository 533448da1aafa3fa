import type { Socket } from "node:net";
import type { Refused } from "./handshake.ts";

/** Who is connected, by address: nobody may take all the room. */
export class Crowd {
  /** Everybody's, also of those who are being turned away. */
  readonly sockets = new Set<Socket>();
  readonly #maxAll: number;
  readonly #maxOfOne: number;
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  constructor(maxAll: number, maxOfOne: number) {
    this.#maxAll = maxAll;
    this.#maxOfOne = maxOfOne;
  }

  /** Let somebody in until the socket closes. @returns why not */
  enter(socket: Socket): Refused | undefined {
    const address = socket.remoteAddress ?? "";
    const there = this.#byAddress.get(address) ?? 0;
    this.sockets.add(socket);
    const refused = this.#refusal(address, there);
    if (refused === undefined) {
      this.#count += 1;
      this.#byAddress.set(address, there + 1);
    }
    socket.once("close", () => {
      this.sockets.delete(socket);
      if (refused === undefined) this.#leave(address);
    });
    return refused;
  }

  #refusal(address: string, there: number): Refused | undefined {
    if (this.#count >= this.#maxAll) return { status: 503, reason: "Everybody who fits is here already." };
    if (there < this.#maxOfOne) return undefined;
    return { status: 429, reason: `${there} connections of ${address} are here already; that is enough.` };
  }

  #leave(address: string): void {
    this.#count -= 1;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
