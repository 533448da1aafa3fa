import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WireError } from "../../wire/errors.ts";
import { readToxic, ToxiproxyError } from "./toxic.ts";
import { type ProxyShape, ToxiproxyProxy } from "./toxiproxy-proxy.ts";

/** How to start toxiproxy's HTTP API. Every field may be left out. */
export interface ToxiproxyOptions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port of the API; 0 takes a free one; toxiproxy's own is 8474. @default 0 */
  readonly port?: number;
}

/** A running API, and the proxies that were asked for. */
export interface Toxiproxy extends AsyncDisposable {
  /** `http://127.0.0.1:8474`: what a toxiproxy client is told. */
  readonly url: string;
  readonly port: number;
  proxies(): readonly ProxyShape[];
  /** Close all proxies and the API. */
  close(): Promise<void>;
}

const maxBodyBytes = 1_048_576;
const version = "2.9.0";

type Body = Readonly<Record<string, unknown>>;
interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

/**
 * Toxiproxy's HTTP API over interposers, so that its clients work unmodified: proxies between any two TCP addresses,
 * with the faults on bytes (latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data).
 * @throws WireError ADDRESS_IN_USE
 * @see https://github.com/Shopify/toxiproxy#http-api
 */
export async function startToxiproxy({
  host = "127.0.0.1",
  port = 0,
}: ToxiproxyOptions = {}): Promise<Toxiproxy> {
  const api = new Api();
  const server = createServer((request, response) => void respond(api, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const code = cause.code === "EADDRINUSE" ? "ADDRESS_IN_USE" : "CONNECT_FAILED";
      reject(new WireError(code, `cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
    });
    server.listen({ host, port }, () => resolve());
  });
  const bound = server.address();
  const boundPort = typeof bound === "object" && bound ? bound.port : port;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, api.close()]);
    })());
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
    port: boundPort,
    proxies: () => api.list(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function respond(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let answer: Answer;
  try {
    // A page in a browser must not reach it by DNS rebinding; toxiproxy refuses in the same way.
    if (request.headers["user-agent"]?.startsWith("Mozilla/"))
      throw new ToxiproxyError(403, "User agent not allowed");
    const body = await readBody(request);
    answer = await api.answer(
      request.method ?? "GET",
      new URL(request.url ?? "/", "http://localhost").pathname,
      body,
    );
  } catch (error) {
    const status = error instanceof ToxiproxyError ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    answer = { status, body: { error: message, status } };
  }
  const { status = 200, body } = answer;
  const isText = typeof body === "string";
  if (body === undefined) response.writeHead(204);
  else response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Body | readonly Body[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new ToxiproxyError(413, "the request is too large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as Body | readonly Body[];
  } catch {
    throw new ToxiproxyError(400, "bad request body");
  }
}

/** The proxies by name, and what can be asked of them. */
class Api {
  readonly #proxies = new Map<string, ToxiproxyProxy>();

  list(): ProxyShape[] {
    return [...this.#proxies.values()].map(({ shape }) => shape);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.disable()));
  }

  async answer(method: string, path: string, body: Body | readonly Body[]): Promise<Answer> {
    const [collection, name, toxics, toxicName, ...rest] = path.split("/").slice(1).map(decodeURIComponent);
    const verb = method === "PATCH" || method === "PUT" ? "POST" : method;
    const route = `${verb} ${collection ?? ""}`;
    if (route === "GET version" && name === undefined) return { body: { version } };
    if (route === "POST reset" && name === undefined) return await this.#reset();
    if (route === "POST populate" && name === undefined) return await this.#populate(body);
    if (collection !== "proxies" || rest.length > 0) throw new ToxiproxyError(404, "404 page not found");
    const fields = Array.isArray(body) ? {} : (body as Body);
    if (name === undefined || name === "") return await this.#collection(verb, fields);
    const proxy = this.#proxy(name);
    if (toxics === undefined) return await this.#one(verb, proxy, fields);
    if (toxics !== "toxics") throw new ToxiproxyError(404, "404 page not found");
    return toxicName === undefined || toxicName === ""
      ? toxicList(verb, proxy, fields)
      : oneToxic(verb, proxy, toxicName, fields);
  }

  async #collection(verb: string, body: Body): Promise<Answer> {
    if (verb === "GET") return { body: Object.fromEntries(this.list().map((shape) => [shape.name, shape])) };
    if (verb !== "POST") throw new ToxiproxyError(405, "method not allowed");
    const name = textOf(body, "name");
    if (this.#proxies.has(name)) throw new ToxiproxyError(409, "proxy already exists");
    const proxy = new ToxiproxyProxy(name, textOf(body, "listen", "127.0.0.1:0"), textOf(body, "upstream"));
    if (body["enabled"] !== false) await proxy.enable();
    this.#proxies.set(name, proxy);
    return { status: 201, body: proxy.shape };
  }

  async #one(verb: string, proxy: ToxiproxyProxy, body: Body): Promise<Answer> {
    if (verb === "DELETE") {
      this.#proxies.delete(proxy.name);
      await proxy.disable();
      return {};
    }
    if (verb === "POST") {
      const { listen, upstream } = proxy.shape;
      await proxy.move(textOf(body, "listen", listen), textOf(body, "upstream", upstream));
      if (body["enabled"] === false) await proxy.disable();
      else if (body["enabled"] === true) await proxy.enable();
    } else if (verb !== "GET") throw new ToxiproxyError(405, "method not allowed");
    return { body: proxy.shape };
  }

  /** All proxies on, all toxics out. */
  async #reset(): Promise<Answer> {
    for (const proxy of this.#proxies.values()) {
      proxy.clear();
      await proxy.enable();
    }
    return {};
  }

  /** Make these proxies; one that is there already and differs is made anew. */
  async #populate(body: Body | readonly Body[]): Promise<Answer> {
    if (!Array.isArray(body)) throw new ToxiproxyError(400, "bad request body");
    const made: ProxyShape[] = [];
    for (const wanted of body as readonly Body[]) {
      const before = this.#proxies.get(textOf(wanted, "name"));
      if (
        before &&
        before.shape.listen === wanted["listen"] &&
        before.shape.upstream === wanted["upstream"]
      ) {
        made.push(before.shape);
        continue;
      }
      if (before) await this.#one("DELETE", before, {});
      made.push((await this.#collection("POST", wanted)).body as ProxyShape);
    }
    return { status: 201, body: { proxies: made } };
  }

  #proxy(name: string): ToxiproxyProxy {
    const proxy = this.#proxies.get(name);
    if (!proxy) throw new ToxiproxyError(404, "proxy not found");
    return proxy;
  }
}

function toxicList(verb: string, proxy: ToxiproxyProxy, body: Body): Answer {
  if (verb === "GET") return { body: proxy.toxics() };
  if (verb !== "POST") throw new ToxiproxyError(405, "method not allowed");
  const toxic = readToxic(body);
  proxy.add(toxic);
  return { body: toxic };
}

function oneToxic(verb: string, proxy: ToxiproxyProxy, name: string, body: Body): Answer {
  const before = proxy.toxic(name);
  if (verb === "GET") return { body: before };
  if (verb === "DELETE") {
    proxy.remove(name);
    return {};
  }
  if (verb !== "POST") throw new ToxiproxyError(405, "method not allowed");
  const toxic = readToxic(body, before);
  proxy.update(toxic);
  return { body: toxic };
}

function textOf(body: Body, name: string, otherwise?: string): string {
  const value = body[name] ?? otherwise;
  if (typeof value !== "string" || value === "")
    throw new ToxiproxyError(400, `missing required field: ${name}`);
  return value;
}
