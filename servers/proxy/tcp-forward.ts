import type { Socket } from "node:net";
import { flushSoon } from "../../wire/burst.ts";
import { epochMs } from "../../wire/clock.ts";
import { dialSocket } from "../../wire/dial.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import type { JournalWait } from "../../wire/journal.ts";
import { type CloseOptions, type Guest, listen } from "../../wire/listener.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { byteRules } from "./byte-rules.ts";
import { parseForwardTarget, tcpForwardDefaults, type TcpForwardOptions } from "./forward-options.ts";
import { describe, type ProxyRequest, RequestEntry, RequestLog } from "./request-log.ts";
import { joinTunnel, type TunnelGuest, type TunnelManner } from "./tunnel.ts";

/** A port that is another port somewhere else. */
export interface TcpForward extends AsyncDisposable {
  /** `tcp://127.0.0.1:40123` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly target: string;
  /** Faults on the bytes that go through. */
  readonly rules: Rules;
  /** What became of each connection. */
  readonly transcript: Transcript;
  /** Connections now. */
  readonly connections: number;
  /** The newest connections, oldest first, with their byte counts. */
  requests(): ProxyRequest[];
  /** The first connection, made or yet to come; of those that failed when asked. @throws WireError TIMED_OUT */
  waitForRequest(filter?: { readonly isRefused?: boolean }, options?: JournalWait): Promise<ProxyRequest>;
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Forward every connection to one target, with faults in between when asked for. It never looks into what is said; the
 * interposer of `servers/exchange` does.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for a target or a rule that makes no sense
 * @example
 * await using redis = await startTcpForward({ target: "127.0.0.1:6379", rules: [{ fault: "latency", latencyMs: 200 }] });
 */
export async function startTcpForward(given: TcpForwardOptions): Promise<TcpForward> {
  const options = { ...tcpForwardDefaults, ...given };
  const target = parseForwardTarget(options.target);
  const rules = byteRules(options);
  // Of an address the kernel need not be asked where the connection went.
  const isAddress = /^(?:\d+\.){3}\d+$/.test(target.host);
  const manner: TunnelManner = { rules, proxyProtocol: options.proxyProtocol };
  const log = new RequestLog(options.maxLogEntries);
  const recorder = new Recorder("proxy", options.maxLogEntries);
  const serve = async (guest: ForwardGuest): Promise<void> => {
    const { address: clientAddress, port: clientPort } = guest;
    const entry = new RequestEntry({ protocol: "tcp", ...target, user: "", clientAddress, clientPort });
    let back: Socket | undefined;
    try {
      back = await dialSocket(target, options.connectTimeoutMs);
      back.on("error", () => {});
      entry.address = isAddress ? target.host : (back.remoteAddress ?? "");
    } catch (error) {
      entry.refusal = error instanceof Error ? error.message : String(error);
      entry.end();
      guest.socket.resetAndDestroy();
    }
    recorder.recordLate(guest.connection, "*", entry, describe, epochMs());
    log.journal.add(entry);
    if (back) await joinTunnel(guest, back, entry, manner);
  };
  let connections = 0;
  const listener = await listen({ host: options.host, port: options.port }, (socket) => {
    const guest = new ForwardGuest(socket, ++connections, recorder, options.idleTimeoutMs);
    if (listener.guests >= options.maxConnections) guest.destroy();
    // A dial wakes the target, as a write does: those behind find it awake.
    else flushSoon({ flush: () => void serve(guest) });
    return guest;
  });
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= listener.close(closeOptions).then(() => {
      log.journal.close();
      recorder.close();
    }));
  return {
    url: `tcp://${listener.authority}`,
    host: listener.host,
    port: listener.port,
    target: options.target,
    rules,
    transcript: recorder,
    get connections() {
      return listener.guests;
    },
    requests: () => log.journal.list(),
    waitForRequest: (filter = {}, wait) => log.wait(filter, wait),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

class ForwardGuest implements Guest, TunnelGuest {
  readonly socket: Socket;
  readonly connection: number;
  readonly address: string;
  readonly port: number;
  readonly #recorder: Recorder;
  #owned: { destroy(): void } | undefined;

  constructor(socket: Socket, connection: number, recorder: Recorder, idleTimeoutMs: number) {
    this.socket = socket;
    this.connection = connection;
    this.address = socket.remoteAddress ?? "";
    this.port = socket.remotePort ?? 0;
    this.#recorder = recorder;
    // What comes before the target is there waits in the kernel.
    socket.pause();
    socket.on("error", () => {});
    socket.setTimeout(idleTimeoutMs, () => this.destroy());
  }

  note(event: string): void {
    this.#recorder.record(this.connection, "*", event, epochMs());
  }

  owns(other: { destroy(): void }): void {
    this.#owned = other;
    if (this.socket.destroyed) other.destroy();
  }

  leave(): void {
    this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
    this.#owned?.destroy();
  }
}
