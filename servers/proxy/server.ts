import type { Rules } from "../../wire/exchange/rule.ts";
import type { JournalWait } from "../../wire/journal.ts";
import { type CloseOptions, listen } from "../../wire/listener.ts";
import { parseProxyUrl } from "../../wire/proxy-hop.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { makeAccess } from "./access.ts";
import { byteRules } from "./byte-rules.ts";
import { type DatagramFault, DatagramFaults } from "./datagram-faults.ts";
import { ProxyGuest } from "./guest.ts";
import { type ProxyOptions, resolveProxyOptions } from "./options.ts";
import { type ProxyRequest, type ProxyRequestFilter, RequestLog } from "./request-log.ts";
import { Route } from "./route.ts";
import { makeUsers } from "./users.ts";

/** A running proxy: HTTP, SOCKS 5, SOCKS 4 and 4a on one port. */
export interface ProxyServer extends AsyncDisposable {
  /** `http://127.0.0.1:3128` */
  readonly url: string;
  /** `socks5://127.0.0.1:3128`: the same port. */
  readonly socksUrl: string;
  readonly host: string;
  readonly port: number;
  /** What became of each connection. Nothing of what goes through a tunnel is in it. */
  readonly transcript: Transcript;
  /** Faults on the bytes that go through. */
  readonly rules: Rules;
  /** Connections now. */
  readonly connections: number;
  /** Cause a fault on datagrams of SOCKS 5 from now on; the result ends it. */
  addDatagramFault(fault: DatagramFault): () => void;
  /** The newest requests, oldest first. */
  requests(): ProxyRequest[];
  /** The first request like this, made or yet to come. @throws WireError TIMED_OUT */
  waitForRequest(filter?: ProxyRequestFilter, options?: JournalWait): Promise<ProxyRequest>;
  /** Every request from now on. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ProxyRequest>;
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Start a proxy. It is never an open one: it listens on loopback and leads to loopback, unless it is told otherwise.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for options that make no sense or an open proxy
 * @example
 * await using proxy = await startProxy();
 * await fetch("http://127.0.0.1:8080/", { dispatcher: new ProxyAgent(proxy.url) });
 * const { host } = await proxy.waitForRequest({ protocol: "connect" });
 */
export async function startProxy(given: ProxyOptions = {}): Promise<ProxyServer> {
  const options = resolveProxyOptions(given);
  const rules = byteRules(options);
  const log = new RequestLog(options.maxLogEntries);
  const recorder = new Recorder("proxy", options.maxLogEntries);
  const datagramFaults = new DatagramFaults(options.datagramFaults, options.seed);
  const route = new Route({
    access: makeAccess(options.allow),
    lookup: options.lookup,
    upstream: options.upstream === undefined ? undefined : parseProxyUrl(options.upstream),
    connectTimeoutMs: options.connectTimeoutMs,
    own: () => listener,
  });
  const house = { options, users: makeUsers(options.users), route, rules, datagramFaults, log, recorder };
  let connections = 0;
  const listener = await listen({ host: options.host, port: options.port }, (socket) => {
    const guest = new ProxyGuest(socket, ++connections, house);
    if (listener.guests >= options.maxConnections) {
      guest.note(`more than ${options.maxConnections} connections`);
      guest.destroy();
    }
    return guest;
  });
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= (async () => {
      datagramFaults.close();
      await listener.close(closeOptions);
      log.journal.close();
      recorder.close();
    })());
  return {
    url: `http://${listener.authority}`,
    socksUrl: `socks5://${listener.authority}`,
    host: listener.host,
    port: listener.port,
    transcript: recorder,
    rules,
    get connections() {
      return listener.guests;
    },
    addDatagramFault: (fault) => datagramFaults.add(fault),
    requests: () => log.journal.list(),
    waitForRequest: (filter = {}, wait) => log.wait(filter, wait),
    [Symbol.asyncIterator]: () => log.journal.iterate(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}
