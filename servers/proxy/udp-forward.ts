import type { RemoteInfo } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { type DatagramListener, listenForDatagrams } from "../../wire/datagrams.ts";
import { WireError } from "../../wire/errors.ts";
import { hostPortText } from "../../wire/ip-address.ts";
import type { SocksEndpoint } from "../../wire/socks.ts";
import { plainAddress } from "./access.ts";
import { type DatagramCounts, type DatagramFault, DatagramFaults } from "./datagram-faults.ts";
import { parseForwardTarget, udpForwardDefaults, type UdpForwardOptions } from "./forward-options.ts";

/** A UDP port that is another port somewhere else. */
export interface UdpForward extends AsyncDisposable {
  /** `udp://127.0.0.1:40123` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly target: string;
  /** Clients that are not forgotten. */
  readonly clients: number;
  /** What became of the datagrams, of both sides together. */
  readonly counts: DatagramCounts;
  /** Cause a fault from now on; the result ends it. @throws TypeError for one that makes no sense */
  addFault(fault: DatagramFault): () => void;
  clearFaults(): void;
  close(): Promise<void>;
}

/**
 * Forward datagrams to one target and its answers back: each client has a port of its own towards the target, so that
 * answers find their way. Faults of the same seed befall the same datagrams.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED (also for a name that is not found); TypeError
 * @example
 * await using lossy = await startUdpForward({ target: "127.0.0.1:5353", faults: [{ do: "drop", percent: 30 }] });
 */
export async function startUdpForward(given: UdpForwardOptions): Promise<UdpForward> {
  const options = { ...udpForwardDefaults, ...given };
  const target = await resolved(parseForwardTarget(options.target));
  const faults = new DatagramFaults(options.faults, options.seed);
  const flows = new Map<string, Flow>();
  const hear = (bytes: Buffer, from: RemoteInfo): void => {
    const key = hostPortText(from.address, from.port);
    let flow = flows.get(key);
    if (!flow) {
      if (flows.size >= options.maxClients) return;
      const answer = (answered: Buffer): void => front.send(answered, from.port, from.address);
      flow = new Flow(target, options.idleTimeoutMs, faults, answer, () => flows.delete(key));
      flows.set(key, flow);
    }
    flow.send(bytes);
  };
  const front = await listenForDatagrams({ host: options.host, port: options.port }, hear);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      faults.close();
      await Promise.all([front.close(), ...[...flows.values()].map((flow) => flow.close())]);
    })());
  return {
    url: `udp://${front.authority}`,
    host: front.host,
    port: front.port,
    target: options.target,
    get clients() {
      return flows.size;
    },
    get counts() {
      return faults.counts;
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One client and the target. */
class Flow {
  readonly #target: SocksEndpoint;
  readonly #faults: DatagramFaults;
  readonly #answer: (bytes: Buffer) => void;
  readonly #back: Promise<DatagramListener>;
  readonly #idle: NodeJS.Timeout;
  readonly #forget: () => void;

  constructor(
    target: SocksEndpoint,
    idleTimeoutMs: number,
    faults: DatagramFaults,
    answer: (bytes: Buffer) => void,
    forget: () => void,
  ) {
    this.#target = target;
    this.#faults = faults;
    this.#answer = answer;
    this.#forget = forget;
    this.#back = listenForDatagrams({ host: isIPv6(target.host) ? "::" : "0.0.0.0" }, (bytes, from) =>
      this.#hear(bytes, from),
    );
    this.#idle = setTimeout(() => void this.close(), idleTimeoutMs);
    // No port left: the datagrams are lost, as datagrams are.
    this.#back.catch(() => this.#forgotten());
  }

  send(bytes: Buffer): void {
    this.#idle.refresh();
    const { host, port } = this.#target;
    this.#faults.pass("client", () => {
      this.#back.then(
        (back) => back.send(bytes, port, host),
        () => {},
      );
    });
  }

  async close(): Promise<void> {
    this.#forgotten();
    await this.#back.then(
      (back) => back.close(),
      () => {},
    );
  }

  #hear(bytes: Buffer, from: RemoteInfo): void {
    if (from.port !== this.#target.port || plainAddress(from.address) !== this.#target.host) return;
    this.#idle.refresh();
    this.#faults.pass("target", () => this.#answer(bytes));
  }

  #forgotten(): void {
    clearTimeout(this.#idle);
    this.#forget();
  }
}

async function resolved({ host, port }: SocksEndpoint): Promise<SocksEndpoint> {
  if (isIP(host) !== 0) return { host: plainAddress(host), port };
  try {
    const { address } = await lookup(host);
    return { host: plainAddress(address), port };
  } catch (cause) {
    throw new WireError("CONNECT_FAILED", `the name ${host} was not found`, { cause });
  }
}
