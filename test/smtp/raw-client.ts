import { connect, type Socket } from "node:net";

/**
 * A client that says exactly what it is told, and reads replies (RFC 5321 section 4.2.1). It shares no code with the
 * server or with anybody's library, so that neither hides a fault of the other.
 */
export class RawClient implements Disposable {
  readonly #socket: Socket;
  readonly #replies: string[] = [];
  #waiting: { resolve(reply: string): void; reject(error: Error): void } | undefined;
  #partial = "";
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1").on("data", (text: string) => this.#read(text));
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#isClosed = true;
      this.#waiting?.reject(new Error("the server closed the connection"));
    });
  }

  /** Connect and read the greeting; `preamble` is said before it. */
  static async connect(
    { host, port }: { readonly host: string; readonly port: number },
    preamble: Uint8Array = new Uint8Array(),
  ): Promise<RawClient> {
    const client = new RawClient(connect({ host, port, noDelay: true }));
    if (preamble.length > 0) client.#socket.write(preamble);
    await client.reply();
    return client;
  }

  /** The next reply, its lines joined. @throws Error when the connection is closed instead */
  async reply(): Promise<string> {
    const said = this.#replies.shift();
    if (said !== undefined) return said;
    if (this.#isClosed) throw new Error("the server closed the connection");
    return await new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Say lines, or bytes as they are, and read a reply to each line. */
  async say(...lines: readonly string[]): Promise<string[]> {
    this.write(lines.map((line) => `${line}\r\n`).join(""));
    const replies: string[] = [];
    while (replies.length < lines.length) replies.push(await this.reply());
    return replies;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Send a message by DATA. @param raw must end with CRLF */
  async data(from: string, to: string, raw: Uint8Array): Promise<string> {
    const replies = await this.say(`MAIL FROM:<${from}> BODY=8BITMIME`, `RCPT TO:<${to}>`, "DATA");
    if (!replies.at(-1)?.startsWith("354")) throw new Error(`DATA was refused: ${replies.join("; ")}`);
    this.write(Buffer.from(`${stuffed(Buffer.from(raw).toString("latin1"))}.\r\n`, "latin1"));
    return await this.reply();
  }

  /** Send a message by BDAT in chunks of so many bytes (RFC 3030). */
  async bdat(from: string, to: string, raw: Uint8Array, chunkBytes: number): Promise<string> {
    await this.say(`MAIL FROM:<${from}> BODY=BINARYMIME`, `RCPT TO:<${to}>`);
    let at = 0;
    for (; raw.length - at > chunkBytes; at += chunkBytes) {
      this.write(`BDAT ${chunkBytes}\r\n`);
      this.write(raw.subarray(at, at + chunkBytes));
      const reply = await this.reply();
      if (!reply.startsWith("250")) throw new Error(`BDAT was refused: ${reply}`);
    }
    this.write(`BDAT ${raw.length - at} LAST\r\n`);
    this.write(raw.subarray(at));
    return await this.reply();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#partial += text;
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\r\n)*\d{3} [^\n]*\r\n/.exec(this.#partial)?.[0];
      if (whole === undefined) return;
      this.#partial = this.#partial.slice(whole.length);
      const reply = whole.trimEnd();
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting.resolve(reply);
      else this.#replies.push(reply);
    }
  }
}

/** RFC 5321 section 4.5.2, said as simply as possible. */
function stuffed(text: string): string {
  return text.replaceAll(/(^|\r\n)\./g, "$1..");
}
