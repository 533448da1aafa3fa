import { parseIrc, printIrc } from "portside/wire/irc.js";

/** @import { IrcMessage } from "portside/wire/irc.js" */

/**
 * What a client hears.
 * @typedef {{ type: "in", nick: string }
 *   | { type: "lost" }
 *   | { type: "refused", reason: string }
 *   | { type: "line", line: IrcMessage }} Told
 */

const wanted = "batch draft/chathistory echo-message message-tags portside/resume server-time";

/**
 * Lines of IRC over a WebSocket, connected again and again until `leave`. Each connection begins with the registration;
 * what the server says after that is told.
 */
export class LineClient {
  #nick;
  #told;
  /** @type {WebSocket | undefined} */
  #socket;
  #token = "";
  #attempts = 0;
  #isLeaving = false;

  /**
   * @param {string} nick
   * @param {(told: Told) => void} told
   */
  constructor(nick, told) {
    this.#nick = nick;
    this.#told = told;
    this.#connect();
  }

  /**
   * Nothing is sent while there is no connection.
   * @param {string} command
   * @param {readonly string[]} [params]
   * @param {string} [text] the last parameter, which may hold anything
   */
  send(command, params = [], text) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(printIrc({ command, params, text }));
  }

  leave() {
    this.#isLeaving = true;
    this.send("QUIT", [], "Closed the page");
    this.#socket?.close();
  }

  #connect() {
    const url = new URL("stream", document.baseURI);
    const token = new URLSearchParams(location.search).get("token");
    if (token !== null) url.searchParams.set("token", token);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, ["text.ircv3.net"]);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.send("CAP", ["REQ"], wanted);
      if (this.#token === "") this.send("NICK", [this.#nick]);
      else this.send("RESUME", [this.#nick, this.#token]);
      this.send("USER", ["page", "0", "*"], this.#nick);
      this.send("CAP", ["END"]);
    });
    socket.addEventListener("message", ({ data }) => this.#hear(parseIrc(data)));
    socket.addEventListener("close", () => this.#closed());
  }

  /** @param {IrcMessage} line */
  #hear(line) {
    const { command, params } = line;
    if (command === "PING") this.send("PONG", [], params.at(-1) ?? "");
    else if (command === "FAIL" && params[0] === "RESUME") {
      this.#token = "";
      this.send("NICK", [this.#nick]);
    } else if (command === "RESUME" && params[0] === "TOKEN") this.#token = params[1] ?? "";
    else if (command === "001") {
      this.#attempts = 0;
      this.#nick = params[0] ?? "";
      this.#told({ type: "in", nick: this.#nick });
    } else if (["431", "432", "433", "464"].includes(command)) {
      // A nick that we had is free again soon; one that somebody else has is not.
      if (this.#attempts > 0) return this.#socket?.close();
      this.#isLeaving = true;
      this.#socket?.close();
      this.#told({ type: "refused", reason: params.at(-1) ?? "" });
    } else {
      if (command === "NICK" && line.source.startsWith(`${this.#nick}!`)) this.#nick = params[0] ?? "";
      this.#told({ type: "line", line });
    }
  }

  #closed() {
    if (this.#isLeaving) return;
    this.#told({ type: "lost" });
    const waitMs = Math.min(100 * 2 ** this.#attempts++, 5_000);
    setTimeout(() => this.#connect(), waitMs * (0.5 + Math.random() / 2));
  }
}
