import type { Socket } from "node:net";
import { WireError } from "../../errors.ts";
import { listen, type ListenAddress, type Listener } from "../../listener.ts";
import type { Address } from "../address.ts";
import type { Channel } from "../stage.ts";
import { type ChannelTls, TcpChannel } from "./tcp.ts";

/** Who comes in, kept until somebody asks for them. */
export class Arrivals {
  readonly #waiting: Channel[] = [];
  readonly #asking: {
    readonly resolve: (channel: Channel) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  #isClosed = false;

  push(channel: Channel): void {
    const first = this.#asking.shift();
    if (first !== undefined) first.resolve(channel);
    else this.#waiting.push(channel);
  }

  /** The next who came or comes. @throws WireError CONNECTION_LOST when the door is closed before */
  async next(): Promise<Channel> {
    const channel = this.#waiting.shift();
    if (channel !== undefined) return channel;
    if (this.#isClosed) throw closed();
    return await new Promise<Channel>((resolve, reject) => this.#asking.push({ resolve, reject }));
  }

  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#asking.splice(0)) reject(closed());
    for (const channel of this.#waiting.splice(0)) channel.destroy();
  }
}

function closed(): WireError {
  return new WireError("CONNECTION_LOST", "the listener was closed before anybody came");
}

/** A TCP or unix listener whose connections are channels. */
export async function openDoor(
  address: ListenAddress,
  tls: ChannelTls,
  welcome: (channel: TcpChannel) => void,
): Promise<Listener> {
  return await listen(address, (socket: Socket) => {
    const channel = new TcpChannel(socket, tls);
    welcome(channel);
    const destroy = (): void => channel.destroy();
    return { leave: destroy, destroy };
  });
}

/** The listeners for secondary connections, by the names that the script gives them. On loopback only. */
export class SideDoors {
  readonly #tls: ChannelTls;
  readonly #host: string;
  readonly #doors = new Map<string, { readonly listener: Listener; readonly arrivals: Arrivals }>();

  constructor(tls: ChannelTls, host = "127.0.0.1") {
    this.#tls = tls;
    this.#host = host;
  }

  async listen(name: string): Promise<Address> {
    const before = this.#doors.get(name);
    if (before !== undefined) await close(before);
    const arrivals = new Arrivals();
    const listener = await openDoor({ host: this.#host }, this.#tls, (channel) => arrivals.push(channel));
    this.#doors.set(name, { listener, arrivals });
    return { host: listener.host, port: listener.port };
  }

  /** The next who comes in by a door, `undefined` when there is no such door. */
  accept(name: string): Promise<Channel> | undefined {
    return this.#doors.get(name)?.arrivals.next();
  }

  async close(): Promise<void> {
    if (this.#doors.size === 0) return;
    await Promise.all([...this.#doors.values()].map(close));
    this.#doors.clear();
  }
}

async function close(door: { readonly listener: Listener; readonly arrivals: Arrivals }): Promise<void> {
  door.arrivals.close();
  await door.listener.close({ graceMs: 0 });
}
