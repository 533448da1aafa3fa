import type { Said } from "../../wire/connection.ts";
import type { Session } from "../../wire/session.ts";
import type { Fate } from "./faults.ts";
import { framed } from "./framing.ts";

/** The server's side of one TCP connection (RFC 7766): answers leave in the order of the queries. */
export class DnsSession implements Session<Buffer> {
  readonly #answer: (query: Buffer) => Fate | undefined;

  constructor(answer: (query: Buffer) => Fate | undefined) {
    this.#answer = answer;
  }

  greet(): Said {
    return "";
  }

  hear(query: Buffer): Said | Promise<Said> {
    const fate = this.#answer(query);
    if (!fate) return "";
    const said = Buffer.concat(fate.copies.map(framed));
    if (fate.delayMs === 0) return said;
    return new Promise((resolve) => void setTimeout(() => resolve(said), fate.delayMs).unref());
  }

  /** Nothing is said of trouble: a DNS client understands only answers. */
  failed(): Said {
    return "";
  }

  expired(): Said {
    return "";
  }

  goodbye(): Said {
    return "";
  }
}
