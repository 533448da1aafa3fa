import { epochMs } from "../../wire/clock.ts";
import { Journal, type JournalWait } from "../../wire/journal.ts";

/** How a proxy was asked. */
export type ProxyProtocol = "connect" | "http" | "socks4" | "socks5" | "socks5 udp" | "tcp";

/** What somebody asked of a proxy, and what became of it. Its counts go on while the connection lives. */
export interface ProxyRequest {
  readonly protocol: ProxyProtocol;
  /** Of a forwarded request. */
  readonly method?: string;
  /** Of a forwarded request: `http://host/path`. */
  readonly url?: string;
  /** As the client said it: a name or an address; empty for datagrams, which each say their own. */
  readonly host: string;
  readonly port: number;
  /** The address that was dialled; empty when none was, or when another proxy looks it up. */
  readonly address: string;
  /** Who has logged in. */
  readonly user: string;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** In milliseconds since the epoch. */
  readonly atMs: number;
  /** Why the client did not get there; nothing when it did. */
  readonly refusal?: string;
  /** Bytes that the client has sent through, and that came back. */
  readonly bytesFromClient: number;
  readonly bytesFromTarget: number;
  /** Resolved when it is over. */
  readonly ended: Promise<void>;
}

/** Which requests are meant: what is given must all fit. */
export interface ProxyRequestFilter {
  readonly protocol?: ProxyProtocol;
  readonly method?: string;
  readonly host?: string | RegExp;
  readonly port?: number;
  readonly url?: string | RegExp;
  readonly user?: string;
  readonly isRefused?: boolean;
}

/** The requests of one proxy. */
export class RequestLog {
  readonly journal: Journal<ProxyRequest>;

  constructor(capacity: number) {
    this.journal = new Journal(capacity);
  }

  /** @throws WireError TIMED_OUT */
  wait(filter: ProxyRequestFilter, options?: JournalWait): Promise<ProxyRequest> {
    return this.journal.wait(
      `a request with ${JSON.stringify(filter, asText)}`,
      (request) => (fits(request, filter) ? undefined : describe(request)),
      options,
    );
  }
}

/** A request as its proxy writes it. */
export class RequestEntry implements ProxyRequest {
  readonly protocol: ProxyProtocol;
  readonly method?: string;
  readonly url?: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly atMs = epochMs();
  address = "";
  refusal?: string;
  /** How the bytes are counted. */
  counts: { readonly fromClient: number; readonly fromTarget: number } = { fromClient: 0, fromTarget: 0 };
  #isOver = false;
  /** Made when somebody asks for it. */
  #ended: PromiseWithResolvers<void> | undefined;

  constructor(
    about: Pick<
      ProxyRequest,
      "protocol" | "method" | "url" | "host" | "port" | "user" | "clientAddress" | "clientPort"
    >,
  ) {
    this.protocol = about.protocol;
    if (about.method !== undefined) this.method = about.method;
    if (about.url !== undefined) this.url = about.url;
    this.host = about.host;
    this.port = about.port;
    this.user = about.user;
    this.clientAddress = about.clientAddress;
    this.clientPort = about.clientPort;
  }

  get ended(): Promise<void> {
    this.#ended ??= Promise.withResolvers();
    if (this.#isOver) this.#ended.resolve();
    return this.#ended.promise;
  }

  end(): void {
    this.#isOver = true;
    this.#ended?.resolve();
  }

  get bytesFromClient(): number {
    return this.counts.fromClient;
  }

  get bytesFromTarget(): number {
    return this.counts.fromTarget;
  }
}

function fits(request: ProxyRequest, { host, url, isRefused, ...exact }: ProxyRequestFilter): boolean {
  if (isRefused !== undefined && isRefused !== (request.refusal !== undefined)) return false;
  if (!isLike(request.host, host) || !isLike(request.url ?? "", url)) return false;
  return Object.entries(exact).every(
    ([name, value]) => value === undefined || request[name as keyof typeof exact] === value,
  );
}

function isLike(text: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? text === wanted : text.search(wanted) !== -1;
}

/** A request in a few words, for transcripts and errors. */
export function describe({ protocol, method, url, host, port, refusal }: ProxyRequest): string {
  const what = url === undefined ? `${protocol} ${host}:${port}` : `${method} ${url}`;
  return refusal === undefined ? what : `${what} (${refusal})`;
}

function asText(_name: string, value: unknown): unknown {
  return value instanceof RegExp ? String(value) : value;
}
