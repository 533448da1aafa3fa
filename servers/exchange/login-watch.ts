import type { Message } from "../../wire/exchange/dialect.ts";

/** Learns who has logged in by listening to both sides: FTP's USER, SMTP's AUTH PLAIN, LOGIN and CRAM-MD5. */
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
      this.#user ??= this.#userOf(text);
    } else if (verb.toUpperCase() === "USER") {
      this.#user = text.slice(5);
    } else if (verb.toUpperCase() === "AUTH") {
      this.#mechanism = first.toUpperCase();
      this.#user = undefined;
      if (second !== "") this.#user = this.#userOf(second);
    }
  }

  /** What the server answered. @returns the user when this was the end of a login */
  answered(text: string): string | undefined {
    if (text.startsWith("334")) this.#isAsked = true;
    if (!text.startsWith("230") && !text.startsWith("235")) return undefined;
    return this.#user;
  }

  #userOf(response: string): string | undefined {
    const bytes = Buffer.from(response, "base64").toString();
    if (this.#mechanism === "LOGIN") return bytes;
    // RFC 2195: the name and the digest; RFC 4616: identity, name and password.
    return this.#mechanism === "CRAM-MD5" ? bytes.split(" ")[0] : bytes.split("\0")[1];
  }
}
