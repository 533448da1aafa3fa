import { once } from "node:events";
import { connect as dial, type Socket } from "node:net";
import { connect as dialTls, type ConnectionOptions } from "node:tls";

/**
 * A client that sends exactly these bytes and reads whole replies, for tests of servers by bytes.
 * It knows only the form of replies (RFC 5321 section 4.2.1, RFC 959 section 4.2), not their meaning.
 */
export class Talk implements AsyncDisposable {
  socket: Socket;
  #text = "";
  #hasEnded = false;
  #error: Error | undefined;
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.socket = socket;
    this.#listen(socket);
  }

  static async to(server: { readonly port: number }): Promise<Talk> {
    const socket = dial({ port: server.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const talk = new Talk(socket);
    await once(socket, "connect");
    return talk;
  }

  /** Send these bytes in one write; text as latin1, so that every byte can be written. */
  send(bytes: string | Uint8Array): this {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    return this;
  }

  /** The next whole reply, its lines joined by `\n`. @throws Error when the connection ends before */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].trimEnd().replaceAll("\r\n", "\n");
      }
      if (this.#hasEnded)
        throw new Error(`the connection ended before a reply; it said ${JSON.stringify(this.#text)}`);
      await this.#news();
    }
  }

  /** Say a line; gives the code of its reply. */
  async say(line: string): Promise<number> {
    return Number((await this.send(`${line}\r\n`).reply()).slice(0, 3));
  }

  /** The codes of the next replies. */
  async codes(count: number): Promise<number[]> {
    const codes: number[] = [];
    while (codes.length < count) codes.push(Number((await this.reply()).slice(0, 3)));
    return codes;
  }

  /** Resolved when the other side has ended; gives what it said and nobody read. */
  async end(): Promise<string> {
    while (!this.#hasEnded) await this.#news();
    return this.#text;
  }

  /** Speak TLS from here on. */
  async startTls(options: ConnectionOptions): Promise<void> {
    this.socket.removeAllListeners("data");
    const secure = dialTls({ socket: this.socket, host: "127.0.0.1", ...options });
    this.socket = secure;
    this.#listen(secure);
    await once(secure, "secureConnect");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await Promise.resolve();
  }

  async #news(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#error) throw this.#error;
  }

  #listen(socket: Socket): void {
    socket.on("data", (bytes) => {
      this.#text += bytes.toString("latin1");
      this.#wake();
    });
    const ended = (): void => {
      this.#hasEnded = true;
      this.#wake();
    };
    socket.on("end", ended);
    socket.on("close", ended);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A reset is an end too; anything else is the test's fault.
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") this.#error = error;
      ended();
    });
  }
}
