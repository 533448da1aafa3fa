import { Journal, type JournalWait } from "../../wire/journal.ts";
import type { Response } from "./responder.ts";

/** A query that was asked, and what became of it. */
export interface DnsQuery {
  /** In lower case, without the final dot; empty for what could not be read. */
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  /** Data of the answers. */
  readonly answers: readonly string[];
  readonly transport: "udp" | "tcp";
  readonly clientAddress: string;
  readonly clientPort: number;
  /** In milliseconds since the epoch. */
  readonly atMs: number;
  /** Faults that fired. */
  readonly faults: readonly string[];
}

/** The queries of one server. */
export class QueryLog {
  readonly journal: Journal<DnsQuery>;

  constructor(capacity: number) {
    this.journal = new Journal(capacity);
  }

  add(
    response: Response,
    client: Pick<DnsQuery, "transport" | "clientAddress" | "clientPort">,
    faults: readonly string[],
  ): void {
    this.journal.add({
      name: response.name.slice(0, -1),
      type: response.type,
      rcode: response.rcode,
      answers: response.answers,
      transport: client.transport,
      clientAddress: client.clientAddress,
      clientPort: client.clientPort,
      atMs: performance.timeOrigin + performance.now(),
      faults,
    });
  }

  /** @throws WireError TIMED_OUT */
  wait(name: string | RegExp, type: string | undefined, options?: JournalWait): Promise<DnsQuery> {
    const what = `a query for ${String(name)}${type === undefined ? "" : ` ${type}`}`;
    return this.journal.wait(
      what,
      (query) => (isAskedFor(query, name, type) ? undefined : `${query.name} ${query.type}`),
      options,
    );
  }
}

function isAskedFor(query: DnsQuery, name: string | RegExp, type: string | undefined): boolean {
  if (type !== undefined && type.toUpperCase() !== query.type) return false;
  return typeof name === "string"
    ? name.toLowerCase().replace(/\.$/, "") === query.name
    : query.name.search(name) !== -1;
}
