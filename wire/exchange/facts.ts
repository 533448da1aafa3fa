import type { RuleSelector } from "./rule.ts";

/** What rules may ask about a connection, learned from what was heard on it. */
export class Facts {
  user: string | undefined;
  hasTls = false;
  sender = "";
  #recipients: string[] = [];

  /** A command of the client. Verbs of other protocols mean nothing here. */
  heard(text: string): void {
    const verb = /^[A-Za-z]{4}\b/.exec(text)?.[0].toUpperCase();
    if (verb === "MAIL") this.#begin(pathOf(text));
    else if (verb === "RCPT") this.#recipients.push(pathOf(text));
    else if (verb === "RSET" || verb === "EHLO" || verb === "HELO") this.#begin("");
    else if (verb === "REIN") this.user = undefined;
  }

  secured(): void {
    this.hasTls = true;
    this.user = undefined;
    this.#begin("");
  }

  /** Whether a rule is about this connection, as it is now. */
  fits({ user, address, inbox, phase }: RuleSelector): boolean {
    if (user !== undefined && this.user !== user) return false;
    if (address !== undefined && !this.#isAbout(address)) return false;
    if (inbox !== undefined && this.user !== inbox.user && !this.#isAbout(inbox.address)) return false;
    switch (phase) {
      case "before TLS":
        return !this.hasTls;
      case "after TLS":
        return this.hasTls;
      case "before login":
        return this.user === undefined;
      case "after login":
        return this.user !== undefined;
      default:
        return true;
    }
  }

  #begin(sender: string): void {
    this.sender = sender;
    this.#recipients = [];
  }

  #isAbout(address: string): boolean {
    const wanted = address.toLowerCase();
    return this.sender === wanted || this.#recipients.includes(wanted);
  }
}

/** The address of `MAIL FROM:<a@b.test> SIZE=1`; a source route is not part of it (RFC 5321 section 4.1.1.3). */
function pathOf(text: string): string {
  const path = /:\s*<?(?:@[^:>]*:)?([^>\s]*)/.exec(text)?.[1] ?? "";
  return path.toLowerCase();
}
