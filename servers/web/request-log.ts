import { Journal, type JournalWait } from "../../wire/journal.ts";
import type { WebRequest } from "./request.ts";

/** Which requests are meant: all that is given must fit. */
export interface RequestFilter {
  readonly method?: string;
  /** The decoded path, without the query; or a pattern of it. */
  readonly path?: string | RegExp;
  /** Anything else. */
  readonly where?: (request: WebRequest) => boolean;
}

/** Bodies of so many full ones are kept with the requests; then the oldest are let go. */
const keptBodies = 1_000;

/** The requests of one server. */
export class RequestLog {
  readonly journal: Journal<WebRequest>;
  readonly #maxKeptBytes: number;
  readonly #withBody: WebRequest[] = [];
  /** Those with a body, which can come to the log in two ways. */
  readonly #noted = new WeakSet<WebRequest>();
  #keptBytes = 0;

  constructor(capacity: number, maxKeptBodyBytes: number) {
    this.journal = new Journal(capacity);
    this.#maxKeptBytes = maxKeptBodyBytes * keptBodies;
  }

  /** Whether a request is in it, or was. */
  has(request: WebRequest): boolean {
    return this.#noted.has(request);
  }

  add(request: WebRequest): void {
    if (request.hasBody) this.#noted.add(request);
    if (request.hasBody && request.body.keptBytes > 0) {
      this.#withBody.push(request);
      this.#keptBytes += request.body.keptBytes;
      while (this.#keptBytes > this.#maxKeptBytes) {
        const oldest = this.#withBody.shift();
        if (!oldest) break;
        this.#keptBytes -= oldest.body.keptBytes;
        oldest.body.forget();
      }
    }
    this.journal.add(request);
  }

  /** @throws WireError TIMED_OUT */
  wait(filter: RequestFilter, options?: JournalWait): Promise<WebRequest> {
    const what = `a request${filter.method === undefined ? "" : ` ${filter.method}`}${
      filter.path === undefined ? "" : ` ${String(filter.path)}`
    }`;
    return this.journal.wait(
      what,
      (request) => (isMeant(request, filter) ? undefined : `${request.method} ${request.target}`),
      options,
    );
  }
}

function isMeant(request: WebRequest, { method, path, where }: RequestFilter): boolean {
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (typeof path === "string" && path !== request.path) return false;
  if (path instanceof RegExp && request.path.search(path) === -1) return false;
  return where?.(request) ?? true;
}
