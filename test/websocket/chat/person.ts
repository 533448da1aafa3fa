import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Somebody at the TCP door who says lines and reads lines, and knows nothing of IRC. */
export class Person implements AsyncDisposable {
  readonly socket: Socket;
  readonly lines: string[] = [];
  #rest = "";
  #next = 0;
  #hasEnded = false;
  #wake = (): void => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      const lines = (this.#rest + text).split("\r\n");
      this.#rest = lines.pop() ?? "";
      this.lines.push(...lines);
      this.#wake();
    });
    // A reset is an end too.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** Connect, and register when there is a nick. */
  static async at(
    { port }: { readonly port: number },
    nick?: string,
    ...capabilities: readonly string[]
  ): Promise<Person> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const person = new Person(socket);
    await once(socket, "connect");
    if (nick !== undefined) {
      const caps = capabilities.length > 0 ? [`CAP REQ :${capabilities.join(" ")}`] : [];
      person.say(
        ...caps,
        `NICK ${nick}`,
        `USER ${nick} 0 * :${nick}`,
        ...(caps.length > 0 ? ["CAP END"] : []),
      );
      await person.hears(/ 422 /);
    }
    return person;
  }

  /** Say lines, in one write. */
  say(...lines: readonly string[]): this {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(""));
    return this;
  }

  /** The next line that fits; those before it are passed over. @throws Error when the connection ends before */
  async hears(wanted: RegExp): Promise<string> {
    for (;;) {
      while (this.#next < this.lines.length) {
        const line = this.lines[this.#next++]!;
        if (wanted.test(line)) return line;
      }
      if (this.#hasEnded)
        throw new Error(`no ${String(wanted)} before the end; there was:\n${this.lines.join("\n")}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Go into a room. */
  async joins(room: string): Promise<void> {
    this.say(`JOIN ${room}`);
    await this.hears(new RegExp(` 366 \\S+ ${room} `, "i"));
  }

  /** Resolved when the connection is over. */
  async end(): Promise<void> {
    while (!this.#hasEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await Promise.resolve();
  }
}
