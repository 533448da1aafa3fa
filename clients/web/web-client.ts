import { once } from "node:events";
import { connect } from "node:net";
import { Connection, type ConnectionOwner } from "../../wire/connection.ts";
import { WireError } from "../../wire/errors.ts";
import { chunkOf, lastChunk } from "../../wire/http-chunks.ts";
import {
  type ResolvedWebClientOptions,
  type WebClientOptions,
  webClientDefaults,
  type WebQuestion,
} from "./options.ts";
import { questionHead } from "./question-head.ts";
import { ResponseReader, type WebAnswer } from "./response-reader.ts";

/** Somebody who waits for an answer. */
interface Waiting {
  readonly reader: ResponseReader;
  readonly resolve: (answer: WebAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One connection to a web server, for tests: it shows what `fetch` hides (heads and bytes as they came, interim answers,
 * trailers, what the connection did), and hides nothing: no redirects, no decompression, no second try.
 */
export class WebClient implements ConnectionOwner, AsyncDisposable {
  /** What came though nobody had asked. */
  readonly unasked: Buffer[] = [];
  /** The server has ended, or the connection is gone. */
  hasEnded = false;
  readonly #connection: Connection;
  readonly #url: URL;
  readonly #options: ResolvedWebClientOptions;
  readonly #waiting: Waiting[] = [];
  readonly #gone = Promise.withResolvers<void>();
  #sending = Promise.resolve();
  #room: (() => void) | undefined;

  constructor(
    connection: (owner: ConnectionOwner) => Connection,
    url: URL,
    options: ResolvedWebClientOptions,
  ) {
    this.#connection = connection(this);
    this.#url = url;
    this.#options = options;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Ask, and hear the whole answer. Questions asked before the answer of the last one has come leave at once, one behind
   * the other (pipelining).
   * @throws WireError CONNECTION_LOST (its message says how far the answer came), PROTOCOL_VIOLATION, MESSAGE_TOO_LARGE,
   * TIMED_OUT
   */
  async ask(question: WebQuestion = {}): Promise<WebAnswer> {
    if (this.hasEnded) throw new WireError("CONNECTION_LOST", `${this.#url.host} has ended the connection`);
    const { method = "GET", exactly, body } = question;
    const target = question.target ?? `${this.#url.pathname}${this.#url.search}`;
    const answer = this.#expect(method);
    const before = this.#sending;
    this.#sending = (async () => {
      await before;
      if (exactly !== undefined) await this.send(exactly);
      else {
        this.#connection.say(questionHead(question, target, this.#url.host));
        if (typeof body === "string" || body instanceof Uint8Array) this.#connection.say(body);
        await this.#flushed();
        if (typeof body === "object" && !(body instanceof Uint8Array)) await this.#sendChunks(body);
      }
    })();
    this.#sending.catch((error: unknown) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    return await answer;
  }

  /** Send these bytes, whatever they are. */
  async send(bytes: string | Uint8Array): Promise<void> {
    this.#connection.say(bytes);
    await this.#flushed();
  }

  /** Send our FIN; answers can still come. */
  end(): void {
    this.#connection.end();
  }

  /** Send a reset (RST). */
  reset(): void {
    this.#connection.reset();
  }

  /** Resolves when the connection is gone. */
  async close(): Promise<void> {
    this.#connection.destroy();
    await this.#gone.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  received(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const [first] = this.#waiting;
      if (!first) {
        this.unasked.push(rest);
        return;
      }
      try {
        rest = first.reader.read(rest);
      } catch (error) {
        this.#fail(error as Error);
        return;
      }
      if (first.reader.isDone) this.#settle(first);
    }
  }

  ended(): void {
    this.hasEnded = true;
    const [first] = this.#waiting;
    try {
      first?.reader.end();
      if (first) this.#settle(first);
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#fail(new WireError("CONNECTION_LOST", `${this.#url.host} ended before it answered`));
  }

  drained(): void {
    this.#room?.();
  }

  closed(cause: Error | undefined): void {
    this.hasEnded = true;
    this.#room?.();
    const why = cause?.message ?? "the connection is gone";
    this.#rejectAll(new WireError("CONNECTION_LOST", `with ${this.#url.host}: ${why}`, { cause }));
    this.#gone.resolve();
  }

  async #expect(method: string): Promise<WebAnswer> {
    const { answerTimeoutMs } = this.#options;
    return await new Promise((resolve, reject) => {
      const late = new WireError(
        "TIMED_OUT",
        `${this.#url.host} did not answer ${method} within ${answerTimeoutMs} ms`,
      );
      const timer = setTimeout(() => this.#fail(late), answerTimeoutMs);
      this.#waiting.push({ reader: new ResponseReader(method, this.#options), resolve, reject, timer });
    });
  }

  #settle(first: Waiting): void {
    this.#waiting.shift();
    clearTimeout(first.timer);
    first.resolve(first.reader.answer());
  }

  /** Nothing that comes from here on can be told apart: the connection is given up. */
  #fail(error: Error): void {
    this.#rejectAll(error);
    this.#connection.destroy();
  }

  #rejectAll(error: Error): void {
    for (const { timer, reject } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  }

  async #sendChunks(body: AsyncIterable<string | Uint8Array>): Promise<void> {
    for await (const piece of body) {
      this.#connection.say(chunkOf(Buffer.from(piece)));
      await this.#flushed();
    }
    await this.send(lastChunk);
  }

  async #flushed(): Promise<void> {
    this.#connection.flush();
    if (!this.#connection.isCongested || this.#connection.isClosed) return;
    await new Promise<void>((resolve) => (this.#room = resolve));
  }
}

/**
 * Connect to a web server.
 * @param url `http://127.0.0.1:8080/path` or `https://…`
 * @throws WireError CONNECT_FAILED, TIMED_OUT, TLS_FAILED
 * @example
 * await using client = await connectWeb(web.url);
 * const answer = await client.ask({ method: "HEAD", target: "/a.txt" });
 */
export async function connectWeb(url: string, given: WebClientOptions = {}): Promise<WebClient> {
  const options: ResolvedWebClientOptions = { ...webClientDefaults, ...given };
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:")
    throw new TypeError(`${url} is no http:// or https:// URL`);
  const isSecure = protocol === "https:";
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connect({
    host,
    port: Number(port || (isSecure ? 443 : 80)),
    allowHalfOpen: true,
    noDelay: true,
  });
  const signal = AbortSignal.timeout(options.connectTimeoutMs);
  try {
    await once(socket, "connect", { signal });
  } catch (cause) {
    socket.destroy();
    if (signal.aborted) {
      throw new WireError("TIMED_OUT", `${host} did not accept within ${options.connectTimeoutMs} ms`, {
        cause,
      });
    }
    throw new WireError("CONNECT_FAILED", `${url}: ${(cause as Error).message}`, { cause });
  }
  const client = new WebClient((owner) => new Connection(socket, owner), new URL(url), options);
  if (isSecure) await secure(client, host, options, signal);
  return client;
}

async function secure(
  client: WebClient,
  servername: string,
  { ca, verifiesCertificate }: ResolvedWebClientOptions,
  signal: AbortSignal,
): Promise<void> {
  const abort = (): void => client.connection.destroy();
  signal.addEventListener("abort", abort);
  try {
    await client.connection.startTls({
      rejectUnauthorized: verifiesCertificate,
      ALPNProtocols: ["http/1.1"],
      host: servername,
      // RFC 6066 section 3: an address is no name.
      ...(/^[\d.]+$|:/.test(servername) ? {} : { servername }),
      ...(ca === undefined ? {} : { ca }),
    });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
