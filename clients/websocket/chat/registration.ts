import { WireError } from "../../../wire/errors.ts";
import type { IrcMessage } from "../../../wire/irc.ts";
import type { ResolvedChatClientOptions } from "./options.ts";

const wanted = [
  "batch",
  "draft/chathistory",
  "echo-message",
  "labeled-response",
  "message-tags",
  "portside/resume",
  "server-time",
];

/** How a client comes in: capabilities, its nick (back, if it had one before), and the welcome. */
export class Registration {
  readonly capabilities = new Set<string>();
  readonly welcome: Promise<string>;
  readonly #options: ResolvedChatClientOptions;
  readonly #send: (line: string) => void;
  readonly #nick: string;
  readonly #token: string;
  readonly #done: PromiseWithResolvers<string> = Promise.withResolvers();
  #offered: string[] = [];

  /** @param token what the server gave us for this nick on the connection before; empty for none */
  constructor(
    options: ResolvedChatClientOptions,
    send: (line: string) => void,
    { nick, token }: { readonly nick: string; readonly token: string },
  ) {
    this.#options = options;
    this.#send = send;
    this.#nick = nick;
    this.#token = token;
    this.welcome = this.#done.promise;
    this.welcome.catch(() => {});
    send("CAP LS 302");
    if (options.password !== undefined) send(`PASS :${options.password}`);
  }

  /** It will not come to an end. */
  fail(error: WireError): void {
    this.#done.reject(error);
  }

  hear({ command, params }: IrcMessage): void {
    switch (command) {
      case "CAP":
        this.#capability(params);
        return;
      case "RESUME":
        if (params[0] === "SUCCESS") this.#introduce();
        return;
      case "FAIL":
        if (params[0] === "RESUME") {
          this.#send(`NICK ${this.#nick}`);
          this.#introduce();
        }
        return;
      case "001":
        this.#done.resolve(params[0] ?? this.#nick);
        return;
      case "421":
        // A server that knows no CAP takes NICK and USER at once.
        if (params[1] === "CAP") this.#register();
        return;
      case "432":
      case "433":
      case "464":
      case "465":
      case "ERROR":
        this.fail(
          new WireError(
            "REPLY_UNEXPECTED",
            `the chat did not let ${this.#nick} in: ${params.at(-1) ?? command}`,
          ),
        );
    }
  }

  #capability(params: readonly string[]): void {
    const [, verb, mark] = params;
    const words = (params.at(-1) ?? "").split(" ");
    if (verb === "LS") {
      this.#offered.push(...words.map((word) => word.split("=")[0]!));
      if (mark === "*" && params.length > 3) return;
      const asked = wanted.filter((name) => this.#offered.includes(name));
      if (asked.length > 0) this.#send(`CAP REQ :${asked.join(" ")}`);
      else this.#register();
    } else if (verb === "ACK") {
      for (const word of words) if (word !== "") this.capabilities.add(word);
      this.#register();
    } else if (verb === "NAK") this.#register();
  }

  #register(): void {
    if (this.#token !== "" && this.capabilities.has("portside/resume")) {
      this.#send(`RESUME ${this.#nick} ${this.#token}`);
      return;
    }
    this.#send(`NICK ${this.#nick}`);
    this.#introduce();
  }

  #introduce(): void {
    const { user = this.#nick, realName = this.#nick } = this.#options;
    this.#send(`USER ${user} 0 * :${realName}`);
    this.#send("CAP END");
  }
}
