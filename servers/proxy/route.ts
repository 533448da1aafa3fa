import { isIP, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { dialSocket } from "../../wire/dial.ts";
import { hostPortText } from "../../wire/ip-address.ts";
import { dialThrough, type ProxyAddress } from "../../wire/proxy-hop.ts";
import type { SocksEndpoint } from "../../wire/socks.ts";
import { type Access, classOf, plainAddress } from "./access.ts";
import { Refusal, refusalOf } from "./refusal.ts";

/** What finding the way takes. */
export interface RouteOptions {
  readonly access: Access;
  readonly lookup: (name: string) => Promise<readonly string[]>;
  readonly upstream: ProxyAddress | undefined;
  readonly connectTimeoutMs: number;
  /** Where we listen ourselves. */
  readonly own: () => SocksEndpoint;
}

/** A target that was reached. */
export interface Reached {
  readonly socket: Socket;
  /** Empty when another proxy looked it up. */
  readonly address: string;
}

/** The way to targets: a name is looked up once, the addresses found are judged, and one of those is dialled. */
export class Route {
  readonly upstream: ProxyAddress | undefined;
  readonly #options: RouteOptions;

  constructor(options: RouteOptions) {
    this.#options = options;
    this.upstream = options.upstream;
  }

  /** Connect to a target, directly or through the next proxy. @throws Refusal */
  async reach(target: SocksEndpoint): Promise<Reached> {
    const { upstream, connectTimeoutMs } = this.#options;
    try {
      if (upstream) {
        this.#checkUnseen(target);
        this.#checkSelf(upstream.host, upstream.port);
        return { socket: guarded(await dialThrough(upstream, target, connectTimeoutMs)), address: "" };
      }
      return await this.#dialFirst(await this.addresses(target), target.port);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** A connection to the next proxy itself, for a request that it forwards. @throws Refusal */
  async reachUpstream(upstream: ProxyAddress, target: SocksEndpoint): Promise<Reached> {
    try {
      this.#checkUnseen(target);
      this.#checkSelf(upstream.host, upstream.port);
      return { socket: guarded(await dialSocket(upstream, this.#options.connectTimeoutMs)), address: "" };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** The addresses of a target at which clients may go there. @throws Refusal when there is none */
  async addresses({ host, port }: SocksEndpoint): Promise<readonly string[]> {
    const name = host.toLowerCase().replace(/\.$/, "");
    const found = isIP(name) === 0 ? await this.#lookUp(name) : [plainAddress(name)];
    const allowed = found.filter((address) => this.#options.access.allows(name, address, port));
    if (allowed.length === 0) refuse(host, port, `is not allowed here (${found.join(", ")})`);
    for (const address of allowed) this.#checkSelf(address, port);
    return allowed;
  }

  async #lookUp(name: string): Promise<readonly string[]> {
    // What node:dns takes for a name could be anything: a percent sign, a space, a NUL.
    if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name) || name.length > 253) {
      throw new Refusal("not found", `"${name}" is no name of a host`);
    }
    let found: readonly string[];
    try {
      found = await this.#options.lookup(name);
    } catch (cause) {
      throw new Refusal("not found", `the name ${name} was not found`, { cause });
    }
    const addresses = found.filter((address) => isIP(address) !== 0).map(plainAddress);
    if (addresses.length === 0) throw new Refusal("not found", `the name ${name} has no address`);
    return addresses;
  }

  async #dialFirst(addresses: readonly string[], port: number): Promise<Reached> {
    let failure: unknown;
    for (const address of addresses) {
      try {
        const socket = await dialSocket({ host: address, port }, this.#options.connectTimeoutMs);
        return { socket: guarded(socket), address };
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #checkUnseen({ host, port }: SocksEndpoint): void {
    const name = host.toLowerCase().replace(/\.$/, "");
    if (!this.#options.access.allowsUnseen(name, port)) refuse(host, port, "is not allowed here");
  }

  /** A proxy that dials itself does so until nothing is left. */
  #checkSelf(host: string, port: number): void {
    const own = this.#options.own();
    if (port !== own.port) return;
    const address = host === "localhost" ? "127.0.0.1" : plainAddress(host);
    const isAnywhere = own.host === "0.0.0.0" || own.host === "::";
    const isOwn = isAnywhere ? isOfThisMachine(address) : address === own.host;
    if (isOwn) refuse(host, port, "is this proxy itself");
  }
}

function isOfThisMachine(address: string): boolean {
  return (
    classOf(address) === "loopback" ||
    Object.values(networkInterfaces()).some((all) =>
      all?.some((one) => plainAddress(one.address) === address),
    )
  );
}

function refuse(host: string, port: number, why: string): never {
  throw new Refusal("not allowed", `${hostPortText(host, port)} ${why}`);
}

/** A reset at any moment must find a listener. */
function guarded(socket: Socket): Socket {
  return socket.on("error", () => {});
}
