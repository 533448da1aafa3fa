import type { RemoteInfo } from "node:dgram";
import { Resolver } from "node:dns/promises";
import type { Protocol } from "../../wire/protocol.ts";
import { serveConversations } from "../../wire/conversation-server.ts";
import type { JournalWait } from "../../wire/journal.ts";
import { connectionLimitDefaults } from "../../wire/limits.ts";
import type { CloseOptions } from "../../wire/listener.ts";
import type { Voice } from "../../wire/session.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { type DnsFault, DnsFaults } from "./faults.ts";
import { LengthCutter } from "./framing.ts";
import { type DnsOptions, resolveDnsOptions } from "./options.ts";
import { Outbox } from "./outbox.ts";
import { type DnsQuery, QueryLog } from "./query-log.ts";
import { RateLimit } from "./rate-limit.ts";
import { Responder } from "./responder.ts";
import { DnsSession } from "./session.ts";
import { bindBoth, sendFromElsewhere } from "./sockets.ts";
import { absoluteName, isZone, type Zone, zoneFromRecords, type ZoneRecords } from "./zone.ts";

/** A running DNS server: authoritative for its zones, and no more; it never asks anybody else. */
export interface DnsServer extends AsyncDisposable {
  /** `dns://127.0.0.1:5353` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The conversations over TCP. Datagrams are in `queries()`. */
  readonly transcript: Transcript;
  /** Add or replace a zone; answers change at once. */
  setZone(name: string, zone: ZoneRecords | Zone): void;
  removeZone(name: string): void;
  /** Cause a fault from now on; the result ends it. */
  addFault(fault: DnsFault): () => void;
  clearFaults(): void;
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

  const faults = new DnsFaults(options.seed);
  const queries = new QueryLog(options.maxLogEntries);
  const recorder = new Recorder("dns", options.maxLogEntries);
  const rateLimit = new RateLimit(options.maxAnswersPerSecond);
  const outbox = new Outbox();

  const hear = (bytes: Buffer, from: RemoteInfo): void => {
    const response = responder.respond(bytes, "udp");
    if (!response || from.port === 0) return;
    const client = { transport: "udp", clientAddress: from.address, clientPort: from.port } as const;
    if (!rateLimit.allows(from.address, performance.now())) {
      queries.add(response, client, ["rate limit"]);
    } else if (faults.isEmpty && !outbox.isHolding) {
      queries.add(response, client, noFaults);
      udp.send(response.bytes, from.port, from.address);
    } else {
      const fate = faults.befall(bytes, response, "udp");
      queries.add(response, client, fate.faults);
      outbox.leave(fate, (reply) => {
        if (fate.isFromOtherPort) sendFromElsewhere(reply, from.port, from.address);
        else udp.send(reply, from.port, from.address);
      });
    }
  };
  const open = (voice: Voice): DnsSession =>
    new DnsSession((message) => {
      const response = responder.respond(message, "tcp");
      if (!response) return undefined;
      const fate = faults.befall(message, response, "tcp");
      queries.add(
        response,
        { transport: "tcp", clientAddress: voice.remoteAddress, clientPort: voice.remotePort },
        fate.faults,
      );
      return fate;
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
    open,
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
      outbox.close();
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
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
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

const noFaults: readonly string[] = [];
