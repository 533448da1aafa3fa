import type { Message } from "../../wire/exchange/dialect.ts";

/** Learns who has logged in by listening to both sides: FTP's USER, SMTP's AUTH PLAIN and LOGIN (RFC 4616). */
export class LoginWatch {
  #user: string | undefined;
  #isAsked = false;
  #mechanism = "";

  /** Something the client said. */
  heard({ text }: Message): void {
    const [verb = "", first = "", second = ""] = text.split(" ");
    if (this.#isAsked) {
      this.#isAsked = false;
      // LOGIN asks for the name first; the answer that follows it is the password.
      this.#user ??= this.#mechanism === "LOGIN" ? decoded(text) : decoded(text).split("\0")[1];
    } else if (verb.toUpperCase() === "USER") {
      this.#user = text.slice(5);
    } else if (verb.toUpperCase() === "AUTH") {
      this.#mechanism = first.toUpperCase();
      this.#user = undefined;
      if (second !== "")
        this.#user = this.#mechanism === "LOGIN" ? decoded(second) : decoded(second).split("\0")[1];
    }
  }

  /** What the server answered. @returns the user when this was the end of a login */
  answered(text: string): string | undefined {
    if (text.startsWith("334")) this.#isAsked = true;
    if (!text.startsWith("230") && !text.startsWith("235")) return undefined;
    return this.#user;
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
