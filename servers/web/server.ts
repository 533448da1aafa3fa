import type { Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { sharedAuthority, sharedLeaf, trustSharedAuthority } from "../../wire/certificate.ts";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import type { JournalWait } from "../../wire/journal.ts";
import {
  type CloseOptions,
  type Guest,
  listen,
  type ListenAddress,
  type Listener,
} from "../../wire/listener.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { WebConnection } from "./connection.ts";
import { Files } from "./files.ts";
import type { House } from "./house.ts";
import { KnownHeads } from "./known-heads.ts";
import { type ResolvedWebOptions, resolveWebOptions, type WebOptions } from "./options.ts";
import type { WebHandler } from "./reply.ts";
import type { WebRequest } from "./request.ts";
import { type RequestFilter, RequestLog } from "./request-log.ts";
import { Routes } from "./routes.ts";
import { statusLine } from "./status.ts";

/** A running web server. */
export interface WebServer extends AsyncDisposable {
  /** `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  /** The same with TLS, when `httpsPort` was given. */
  readonly httpsUrl: string | undefined;
  /** Where else it listens. */
  readonly urls: readonly string[];
  readonly host: string;
  readonly port: number;
  /** The authority's certificate in PEM, for clients in other processes. */
  readonly ca: string;
  /** Every head that was sent or received. */
  readonly transcript: Transcript;
  /** Faults by request (`on: "GET /slow"`) and on the bytes that go through. */
  readonly rules: Rules;
  /** How many are connected. */
  readonly connections: number;
  /** Answer this from now on, before all routes there are; the result ends it. @throws TypeError for what is no route */
  route(route: string, handler: WebHandler): () => void;
  /** The newest requests, oldest first. */
  requests(): WebRequest[];
  /** The first request that fits, come or yet to come; it is there with its whole body. @throws WireError TIMED_OUT */
  waitForRequest(filter?: RequestFilter, options?: JournalWait): Promise<WebRequest>;
  /** Every request from now on. */
  [Symbol.asyncIterator](): AsyncIterableIterator<WebRequest>;
  /** Stop accepting, let answers under way finish, then end the rest. Twice is the same as once. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Start a web server: HTTP/1.1 and 1.0 (RFC 9110, 9112), files, routes, and answers that are wrong on purpose.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for a root that is no folder or a route that is none
 * @example
 * await using web = await startWeb({ routes: { "POST /hook": () => undefined } });
 * await tellEverybody(web.url);
 * expect((await web.waitForRequest({ method: "POST", path: "/hook" })).json()).toEqual({ id: 7 });
 */
export async function startWeb(given: WebOptions = {}): Promise<WebServer> {
  const options = resolveWebOptions(given);
  const routes = new Routes();
  // The first of the options is to be looked at first, and the one that was added last is.
  for (const [route, handler] of Object.entries(options.routes).toReversed()) routes.add(route, handler);
  const recorder = new Recorder("web", options.maxTranscriptEntries);
  const log = new RequestLog(options.maxRequests, options.maxKeptBodyBytes);
  const files = options.root === undefined ? undefined : new Files(options.root, options);
  const rules = new FaultRules({ dialect: "line", rules: options.rules, seed: options.seed });
  const house: House = { options, routes, files, heads: new KnownHeads(options), log, recorder, rules };
  const { listeners, close: closeDoors, connections } = await openDoors(house);
  const [main] = listeners as [Listener, ...Listener[]];
  const secure = options.httpsPort === undefined ? undefined : listeners.at(-1);
  const urls = listeners.map((one) => `${one === secure ? "https" : "http"}://${one.authority}`);
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= closeDoors(closeOptions).then(() => {
      log.journal.close();
      recorder.close();
    }));
  return {
    url: `http://${main.authority}`,
    httpsUrl: secure && `https://${secure.authority}`,
    urls,
    host: main.host,
    port: main.port,
    get ca() {
      return options.certificate?.cert ?? sharedAuthority().certificate;
    },
    transcript: recorder,
    rules,
    get connections() {
      return connections();
    },
    route: (route, handler) => routes.add(route, handler),
    requests: () => log.journal.list(),
    waitForRequest: (filter = {}, wait) => log.wait(filter, wait),
    [Symbol.asyncIterator]: () => log.journal.iterate(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

interface Doors {
  readonly listeners: readonly Listener[];
  readonly connections: () => number;
  readonly close: (options?: CloseOptions) => Promise<void>;
}

/** Listen on every address; when one cannot be had, none is. The one with TLS is the last. */
async function openDoors(house: House): Promise<Doors> {
  const { options } = house;
  /** Connections ever, and now. */
  let count = 0;
  let present = 0;
  const forget = (): void => void (present -= 1);
  const welcome =
    (secureContext?: SecureContext) =>
    (socket: Socket): Guest => {
      if (present >= options.maxConnections) return refuse(socket, options.lingerMs);
      const tls = secureContext && ({ isServer: true, secureContext, ALPNProtocols: ["http/1.1"] } as const);
      const connection = new WebConnection(socket, ++count, house, tls);
      present += 1;
      socket.on("close", forget);
      return connection;
    };
  const listeners: Listener[] = [];
  const doors: ListenAddress[] = [{ host: options.host, port: options.port }, ...options.alsoListen];
  try {
    for (const door of doors) listeners.push(await listen(door, welcome()));
    if (options.httpsPort !== undefined) {
      listeners.push(
        await listen({ host: options.host, port: options.httpsPort }, welcome(secureContextOf(options))),
      );
    }
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close({ graceMs: 0 })));
    throw error;
  }
  // One timer for all connections. How late it may be is a fraction of the shortest limit.
  const { idleTimeoutMs, headTimeoutMs, messageTimeoutMs, handshakeTimeoutMs, lingerMs } = options;
  const shortestMs = Math.min(idleTimeoutMs, headTimeoutMs, messageTimeoutMs, handshakeTimeoutMs, lingerMs);
  const clock = setInterval(
    () => {
      const nowMs = performance.now();
      for (const listener of listeners) listener.check(nowMs);
    },
    Math.min(Math.max(shortestMs / 4, 10), 1_000),
  );
  clock.unref();
  return {
    listeners,
    connections: () => present,
    close: async (closeOptions) => {
      await Promise.all(listeners.map((listener) => listener.close(closeOptions)));
      clearInterval(clock);
    },
  };
}

function refuse(socket: Socket, lingerMs: number): Guest {
  socket.on("error", () => {});
  socket.resume();
  socket.end(`${statusLine(503)}content-length: 0\r\nconnection: close\r\n\r\n`);
  socket.once("end", () => socket.destroySoon());
  socket.setTimeout(lingerMs, () => socket.destroy());
  const leave = (): void => void socket.destroy();
  return { leave, destroy: leave };
}

function secureContextOf({ certificate, isTrustedInProcess }: ResolvedWebOptions): SecureContext {
  if (!certificate && isTrustedInProcess) trustSharedAuthority();
  const { cert, key } = certificate ?? sharedLeaf();
  return createSecureContext({ cert, key });
}
