import type { Phase } from "./trace.ts";
import { headerOf, type Script } from "./script.ts";

/**
 * The header `requires: STARTTLS, PIPELINING` names what a server must offer for the script to be about it. Played
 * against a server that was asked what it offers (EHLO, LHLO, FEAT, CAPA) and does not name it, a script that is not
 * met is skipped instead of failed.
 */
export class Requirements {
  readonly #words: readonly string[];
  readonly #heard = new Set<string>();

  constructor(script: Script) {
    const text = headerOf(script, "requires") ?? "";
    this.#words = text.split(/[\s,]+/).filter((word) => word !== "");
  }

  /** Whether somebody has to listen. */
  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  /** A message of the server. */
  heard(text: string): void {
    this.#heard.add(text.toUpperCase());
  }

  /** Why a script that was not met is not about this server, if that is so. */
  unmet(phases: readonly Phase[]): string | undefined {
    const wasAsked = phases.some(({ lines }) =>
      lines.some(({ text }) => /^C\S*: (?:EHLO|LHLO|FEAT|CAPA)\b/i.test(text)),
    );
    if (this.isEmpty || !wasAsked) return undefined;
    const missing = this.#words.filter((word) => ![...this.#heard].some((text) => offers(text, word)));
    return missing.length === 0 ? undefined : `the server does not offer ${missing.join(", ")}`;
  }
}

/** Whether a word stands in a reply, not as a part of another. */
function offers(reply: string, word: string): boolean {
  return reply.split(/[^\w-]+|(?<=\b\d{3})-/).includes(word.toUpperCase());
}
