import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { sharedLeaf } from "../../wire/certificate.ts";
import { askForUpgrade } from "../../wire/exchange/channels/handshake.ts";
import { SideDoors } from "../../wire/exchange/channels/side-doors.ts";
import { type ChannelTls, dial } from "../../wire/exchange/channels/tcp.ts";
import { dialUdp } from "../../wire/exchange/channels/udp.ts";
import { ExchangeFailure } from "../../wire/exchange/failure.ts";
import type { Loaded } from "../../wire/exchange/load.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { perform } from "../../wire/exchange/perform.ts";
import { RuleBook, rulesOf, warningsOf } from "../../wire/exchange/rules.ts";
import { headerOf } from "../../wire/exchange/script.ts";
import type { Channel, Stage } from "../../wire/exchange/stage.ts";
import { parseTarget } from "../../wire/exchange/target.ts";
import type { Target } from "../../wire/exchange/target.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";
import type { PlayOptions } from "./options.ts";

/**
 * Plays a script as the client against a real server.
 *
 *     await playExchange("test/exchanges/submit.exchange", { target: smtp.url })
 *
 * @param script path of the file, or a script that is loaded already
 * @throws {ExchangeFailure} when the conversation is not the script; its message is the report
 * @throws {ScriptError} when the script does not parse
 */
export async function playExchange(script: string | Loaded, options: PlayOptions = {}): Promise<Outcome> {
  const outcome = await tryExchange(script, options);
  if (outcome.failure !== undefined) throw new ExchangeFailure(outcome);
  return outcome;
}

/** Like `playExchange`, but a conversation that is not the script is an outcome too, with its `failure`. */
export async function tryExchange(script: string | Loaded, options: PlayOptions = {}): Promise<Outcome> {
  const loaded = typeof script === "string" ? loadScript(script, options.shownAs) : script;
  const url = options.target ?? headerOf(loaded.script, "target");
  if (url === undefined) {
    throw new TypeError(`${loaded.script.file} names no target; give one, such as smtp://127.0.0.1:1025`);
  }
  const target = parseTarget(url);
  const timeoutMs = options.timeoutMs ?? 5000;
  const stage = new DialStage(target, options, timeoutMs);
  const rules = new RuleBook(
    rulesOf(loaded.script),
    options.seed ?? Number(headerOf(loaded.script, "seed") ?? 0),
  );
  try {
    const outcome = await perform(loaded.script, {
      role: "C",
      stage,
      target: url,
      read: loaded.read,
      timeoutMs,
      rules,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      ...(options.tell === undefined ? {} : { tell: options.tell }),
    });
    return { ...outcome, warnings: warningsOf(rules) };
  } finally {
    await stage.close();
  }
}

/** The stage of the player: it dials the target, and listens for what the server opens towards it. */
class DialStage implements Stage {
  readonly #target: Target;
  readonly #tls: ChannelTls;
  readonly #doors: SideDoors;
  readonly #timeoutMs: number;

  constructor(target: Target, options: PlayOptions, timeoutMs: number) {
    this.#target = target;
    this.#timeoutMs = timeoutMs;
    const serverName = options.serverName ?? (isIP(target.host) === 0 ? target.host : undefined);
    this.#tls = {
      secureContext,
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
