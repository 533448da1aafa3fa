import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { sharedLeaf } from "../../wire/certificate.ts";
import { askForUpgrade } from "../../wire/exchange/channels/handshake.ts";
import { SideDoors } from "../../wire/exchange/channels/side-doors.ts";
import { type ChannelTls, dial, type TcpChannel } from "../../wire/exchange/channels/tcp.ts";
import { dialUdp } from "../../wire/exchange/channels/udp.ts";
import type { Channel, Stage } from "../../wire/exchange/stage.ts";
import { parseTarget } from "../../wire/exchange/target.ts";
import type { Target } from "../../wire/exchange/target.ts";
import type { PlayOptions } from "./options.ts";

/** The stage of the player: it dials the target, and listens for what the server opens towards it. */
export class DialStage implements Stage {
  readonly #target: Target;
  readonly #tls: ChannelTls;
  readonly #doors: SideDoors;
  readonly #timeoutMs: number;
  /** The connection to the target. */
  #main: TcpChannel | undefined;

  /** @throws {TypeError} when the target is not a URL of a known scheme */
  constructor(url: string, options: PlayOptions) {
    const target = parseTarget(url);
    this.#target = target;
    this.#timeoutMs = options.timeoutMs ?? 5000;
    const serverName = options.serverName ?? (isIP(target.host) === 0 ? target.host : undefined);
    this.#tls = {
      secureContext,
      session: () => this.#main?.session,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(serverName === undefined ? {} : { serverName }),
    };
    this.#doors = new SideDoors(this.#tls);
  }

  async connect(address?: { readonly host: string; readonly port: number }): Promise<Channel> {
    const target = this.#target;
    if (address !== undefined) return await dial(address, this.#tls, this.#timeoutMs);
    if (target.transport === "udp") return await dialUdp(target.host, target.port);
    const to = target.transport === "unix" ? { path: target.path } : { host: target.host, port: target.port };
    const channel = await dial(to, this.#tls, this.#timeoutMs);
    if (target.hasTls) await channel.startTls(false);
    this.#main = channel;
    if (target.isWebSocket) await askForUpgrade(channel, target.url, this.#timeoutMs);
    return channel;
  }

  async accept(listener?: string): Promise<Channel> {
    const arriving = listener === undefined ? undefined : this.#doors.accept(listener);
    if (arriving === undefined)
      throw new TypeError("the client has to listen before the server can connect to it");
    return await arriving;
  }

  async listen(listener: string): Promise<{ readonly host: string; readonly port: number }> {
    return await this.#doors.listen(listener);
  }

  async close(): Promise<void> {
    await this.#doors.close();
  }
}

let context: SecureContext | undefined;

function secureContext(): SecureContext {
  return (context ??= createSecureContext(sharedLeaf()));
}
