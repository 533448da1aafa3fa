import { decodeDns, DnsFormatError } from "../../wire/dns.ts";
import { printDns } from "../../wire/exchange/dialects/dns.ts";
import type { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { ConnectionInterceptor, Intervention } from "../../wire/interceptor.ts";
import { Passage } from "../../wire/passage.ts";

/** What the rules make of a query. */
export interface Verdict {
  /** What happens in place of the answer; nothing lets it leave. */
  readonly turn: Intervention | undefined;
  /** Faults that fired, in words. */
  readonly faults: readonly string[];
}

const pardon: Verdict = { turn: undefined, faults: [] };

/** Shows queries to the rules: those of one TCP connection, or all datagrams. */
export class RuleDesk {
  readonly #watcher: ConnectionInterceptor;
  #noted: string[] = [];

  constructor(rules: FaultRules, connection: number, remoteAddress: string) {
    this.#watcher = rules.open({
      connection,
      remoteAddress,
      // Rules on a stream of bytes are refused, so nothing ever stands in these.
      incoming: new Passage(nowhere),
      outgoing: new Passage(nowhere),
      note: (event) => this.#noted.push(event),
    });
  }

  /** There are no rules. */
  get isIdle(): boolean {
    return this.#watcher.isIdle === true;
  }

  /** A rule that throws is an answer that fails, of a query that was asked all the same. */
  hear(query: Buffer): Verdict {
    if (this.isIdle) return pardon;
    const text = textOf(query);
    if (text === undefined) return pardon;
    this.#noted = [];
    try {
      return { turn: this.#watcher.heard?.(text), faults: this.#noted };
    } catch (error) {
      return { turn: () => Promise.reject(error), faults: this.#noted };
    }
  }

  close(): void {
    this.#watcher.closed?.();
  }
}

const nowhere = { write: () => {}, end: () => {}, reset: () => {} };

/** A query in the words of a script; nothing for what is none. */
function textOf(query: Buffer): string | undefined {
  try {
    return printDns(decodeDns(query));
  } catch (error) {
    if (error instanceof DnsFormatError) return undefined;
    throw error;
  }
}
