import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A client that sends exactly these bytes and takes what comes by its length. */
export class Bytes implements Disposable {
  readonly socket: Socket;
  #heard: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #wake = (): void => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#heard = Buffer.concat([this.#heard, bytes]);
      this.#wake();
    });
    socket
      .on("end", () => this.#end())
      .on("close", () => this.#end())
      .on("error", () => {});
  }

  static async to(server: { readonly port: number }, first: string | Uint8Array = ""): Promise<Bytes> {
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const bytes = new Bytes(socket);
    await once(socket, "connect");
    return bytes.send(first);
  }

  send(bytes: string | Uint8Array): this {
    if (bytes.length > 0) this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    return this;
  }

  /** The next so many bytes, in hexadecimal. @throws Error when the connection ends before */
  async hex(count: number): Promise<string> {
    return (await this.#take(count)).toString("hex");
  }

  /** The next so many bytes as text. */
  async text(count: number): Promise<string> {
    return (await this.#take(count)).toString("latin1");
  }

  /** All up to this, and it. */
  async until(text: string): Promise<string> {
    while (!this.#heard.includes(text)) await this.#news(JSON.stringify(text));
    return await this.text(this.#heard.indexOf(text) + text.length);
  }

  /** All that comes until the other side ends. */
  async rest(): Promise<string> {
    while (!this.#hasEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#heard.toString("latin1");
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  async #take(count: number): Promise<Buffer> {
    while (this.#heard.length < count) await this.#news(`${count} bytes`);
    const taken = this.#heard.subarray(0, count);
    this.#heard = this.#heard.subarray(count);
    return taken;
  }

  async #news(wanted: string): Promise<void> {
    if (this.#hasEnded) {
      throw new Error(
        `the connection ended before ${wanted}; it said ${JSON.stringify(this.#heard.toString("latin1"))}`,
      );
    }
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wake();
  }
}

/** A port in four hexadecimal digits. */
export function hexPort({ port }: { readonly port: number }): string {
  return port.toString(16).padStart(4, "0");
}

/** These hexadecimal digits as bytes; spaces do not matter. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}
