import type { RemoteInfo } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { dns as dialect } from "../../wire/exchange/dialects/dns.ts";
import type { CompiledRule } from "../../wire/exchange/compile-rule.ts";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import type { Protocol } from "../../wire/protocol.ts";
import { serveConversations } from "../../wire/conversation-server.ts";
import type { JournalWait } from "../../wire/journal.ts";
import { connectionLimitDefaults } from "../../wire/limits.ts";
import type { CloseOptions } from "../../wire/listener.ts";
import { sendFromElsewhere } from "../../wire/datagrams.ts";
import { Overtaking } from "../../wire/overtaking.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { AnswerFloor, type AnswerWay } from "./answer-floor.ts";
import { LengthCutter } from "./framing.ts";
import { type DnsOptions, resolveDnsOptions } from "./options.ts";
import { type DnsQuery, QueryLog } from "./query-log.ts";
import { RateLimit } from "./rate-limit.ts";
import { Responder } from "./responder.ts";
import { RuleDesk } from "./rule-desk.ts";
import { DnsSession } from "./session.ts";
import { bindBoth } from "./sockets.ts";
import { absoluteName, isZone, type Zone, zoneFromRecords, type ZoneRecords } from "./zone.ts";

/** A running DNS server: authoritative for its zones, and no more; it never asks anybody else. */
export interface DnsServer extends AsyncDisposable {
  /** `dns://127.0.0.1:5353` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The conversations over TCP. Datagrams are in `queries()`; an error about one is here, at connection 0. */
  readonly transcript: Transcript;
  /** Add or replace a zone; answers change at once. */
  setZone(name: string, zone: ZoneRecords | Zone): void;
  removeZone(name: string): void;
  /** What goes wrong on purpose. All datagrams together count as connection 0. */
  readonly rules: Rules;
  /** The newest queries, oldest first. */
  queries(): DnsQuery[];
  /** The first query for this name (and type), asked or yet to come. @throws WireError TIMED_OUT */
  waitForQuery(name: string | RegExp, type?: string, options?: JournalWait): Promise<DnsQuery>;
  /** Every query from now on. */
  [Symbol.asyncIterator](): AsyncIterableIterator<DnsQuery>;
  /** A resolver of Node that asks this server and nobody else. */
  resolver(): Resolver;
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Start a DNS server on UDP and TCP (RFC 1034, 1035, 6891, 7766).
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for a zone that cannot be
 * @example
 * await using dns = await startDns({ zones: { "example.test": { "@": { MX: "10 mail" }, mail: { A: "127.0.0.1" } } } });
 * await dns.resolver().resolveMx("example.test");
 */
export async function startDns(given: DnsOptions = {}): Promise<DnsServer> {
  const options = resolveDnsOptions(given);
  const zones = new Map<string, Zone>();
  const responder = new Responder(() => [...zones.values()], options.maxUdpBytes);
  const setZone = (name: string, zone: ZoneRecords | Zone): void => {
    const origin = absoluteName(name, ".").toLowerCase();
    zones.set(origin, isZone(zone) ? zone : zoneFromRecords(origin, zone, options.ttl));
    responder.forget();
  };
  for (const [name, zone] of Object.entries(options.zones)) setZone(name, zone);

  const rules = new FaultRules({
    dialect,
    rules: options.rules,
    seed: options.seed,
    isDatagrams: true,
    check: refuseStreams,
  });
  const queries = new QueryLog(options.maxLogEntries);
  const recorder = new Recorder("dns", options.maxLogEntries);
  const rateLimit = new RateLimit(options.maxAnswersPerSecond);
  const overtaking = new Overtaking();
  const leaving = new AbortController();
  const desk = new RuleDesk(rules, 0, "");

  // As over TCP: what fails, such as a rule that has no value to say, ends one answer and not the server.
  const failed = (error: unknown): void => {
    const text = `error: ${error instanceof Error ? error.message : String(error)}`;
    recorder.record(0, "*", text, performance.timeOrigin + performance.now());
  };
  const hear = (bytes: Buffer, from: RemoteInfo): void => {
    const response = responder.respond(bytes, "udp");
    if (!response || from.port === 0) return;
    const client = { transport: "udp", clientAddress: from.address, clientPort: from.port } as const;
    if (!rateLimit.allows(from.address, performance.now())) {
      queries.add(response, client, ["rate limit"]);
      return;
    }
    const { turn, faults } = desk.hear(bytes);
    queries.add(response, client, faults);
    if (turn) turn(new AnswerFloor(response.bytes, wayTo(from), leaving.signal)).catch(failed);
    else {
      udp.send(response.bytes, from.port, from.address);
      overtaking.left();
    }
  };
  const wayTo = ({ port, address }: RemoteInfo): AnswerWay => ({
    send: (message) => {
      udp.send(message, port, address);
      overtaking.left();
    },
    datagrams: {
      overtaken: () => overtaking.next(),
      sayFromElsewhere: (said) => sendFromElsewhere(Buffer.from(said), port, address),
    },
  });
  const protocol: Protocol<Buffer> = {
    recorder,
    limits: {
      ...connectionLimitDefaults,
      maxConnections: options.maxConnections,
      idleTimeoutMs: options.idleTimeoutMs,
      messageTimeoutMs: options.idleTimeoutMs,
    },
    cutter: () => new LengthCutter(),
    show: (message) => `(${message.length} bytes)`,
    showReply: (said) => `(${said.length - 2} bytes)`,
    open: (voice) =>
      new DnsSession(voice, {
        responder,
        queries,
        desk: new RuleDesk(rules, voice.connection, voice.remoteAddress),
      }),
    secureContext: () => {
      throw new Error("DNS over TLS is not served");
    },
  };
  const { udp, tcp } = await bindBoth(options, hear, (port) =>
    serveConversations([{ host: options.host, port }], protocol, ""),
  );
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= (async () => {
      leaving.abort();
      await Promise.all([udp.close(), tcp.close(closeOptions)]);
      queries.journal.close();
      recorder.close();
    })());
  return {
    url: `dns://${udp.authority}`,
    host: udp.host,
    port: udp.port,
    transcript: recorder,
    setZone,
    removeZone: (name) => {
      zones.delete(absoluteName(name, ".").toLowerCase());
      responder.forget();
    },
    rules,
    queries: () => queries.journal.list(),
    waitForQuery: (name, type, wait) => queries.wait(name, type, wait),
    [Symbol.asyncIterator]: () => queries.journal.iterate(),
    resolver: () => {
      const resolver = new Resolver({ timeout: 2_000, tries: 2 });
      resolver.setServers([udp.authority]);
      return resolver;
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** @throws TypeError for a rule about bytes: datagrams are no stream, and queries over TCP get what those get */
function refuseStreams({ isAboutBytes, effect }: CompiledRule): void {
  if (isAboutBytes)
    throw new TypeError(
      `a name server's rule needs on: the queries that "${effect.title}" befalls, such as /^query/`,
    );
}
