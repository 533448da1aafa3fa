import { createSecureContext, type SecureContext } from "node:tls";
import { sharedLeaf } from "../../wire/certificate.ts";
import { grantUpgrade } from "../../wire/exchange/channels/handshake.ts";
import { Arrivals, openDoor, SideDoors } from "../../wire/exchange/channels/side-doors.ts";
import { type ChannelTls, dial, type TcpChannel } from "../../wire/exchange/channels/tcp.ts";
import { listenUdp } from "../../wire/exchange/channels/udp.ts";
import { ExchangeFailure } from "../../wire/exchange/failure.ts";
import type { Loaded } from "../../wire/exchange/load.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { perform } from "../../wire/exchange/perform.ts";
import { RuleBook } from "../../wire/exchange/rule-book.ts";
import { rulesOf, warningsOf } from "../../wire/exchange/rules.ts";
import { headerOf } from "../../wire/exchange/script.ts";
import type { Address } from "../../wire/exchange/address.ts";
import type { Channel, Stage } from "../../wire/exchange/stage.ts";
import { parseTarget } from "../../wire/exchange/target.ts";
import type { Target } from "../../wire/exchange/target.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";
import type { ServeOptions } from "./options.ts";

/** A script that is being served. */
export interface ServedExchange extends AsyncDisposable {
  /** `smtp://127.0.0.1:41234`: what the client is told. */
  readonly url: string;
  readonly port: number;
  /**
   * The outcome of the performance, or of the last one when it is repeated; rejects with an `ExchangeFailure` when
   * the client did something else than the script says.
   */
  readonly done: Promise<Outcome>;
  /** Stop listening and let go of everybody. */
  close(): Promise<void>;
}

/**
 * Serves a script to a real client. The listener is on loopback; its rules are loaded before this returns.
 *
 *     await using fake = await serveExchange("test/exchanges/greylist.exchange")
 *     await send(fake.url, mail)
 *     await fake.done
 *
 * @param script path of the file, or a script that is loaded already
 * @throws {ScriptError} when the script does not parse
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED
 */
export async function serveExchange(
  script: string | Loaded,
  options: ServeOptions = {},
): Promise<ServedExchange> {
  const loaded = typeof script === "string" ? loadScript(script, options.shownAs) : script;
  const rules = new RuleBook(
    rulesOf(loaded.script),
    options.seed ?? Number(headerOf(loaded.script, "seed") ?? 0),
  );
  const door = await openMainDoor(loaded, options);
  const done = performAll(loaded, door, rules, options);
  // Whoever never asks how it went must not be punished with an unhandled rejection.
  done.catch(() => {});
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= door.close());
  done.then(close, close).catch(() => {});
  return { url: door.url, port: door.port, done, close, [Symbol.asyncDispose]: close };
}

interface MainDoor {
  readonly url: string;
  readonly port: number;
  readonly host: string;
  readonly arrivals: Arrivals;
  readonly tls: ChannelTls;
  close(): Promise<void>;
}

async function openMainDoor(loaded: Loaded, options: ServeOptions): Promise<MainDoor> {
  const target = parseTarget(targetUrl(loaded, options));
  const host = options.host ?? "127.0.0.1";
  const port = options.port ?? 0;
  const arrivals = new Arrivals();
  const scheme = target.url.protocol;
  let context: SecureContext | undefined;
  const tls: ChannelTls = {
    secureContext: () => (context ??= createSecureContext(options.certificate ?? sharedLeaf())),
  };
  if (target.transport === "udp") {
    const listener = await listenUdp(host, port, (channel) => arrivals.push(channel));
    const close = async (): Promise<void> => {
      arrivals.close();
      await listener.close();
    };
    return { url: `${scheme}//${host}:${listener.port}`, port: listener.port, host, arrivals, tls, close };
  }
  const timeoutMs = options.timeoutMs ?? 5000;
  const address = target.transport === "unix" ? { path: options.path ?? target.path } : { host, port };
  const listener = await openDoor(address, tls, (channel) => {
    // A client that fails its handshake is not one that the script could meet.
    welcome(channel, target, timeoutMs).then(
      () => arrivals.push(channel),
      () => channel.destroy(),
    );
  });
  const path = target.isWebSocket ? target.url.pathname : "";
  return {
    url: target.transport === "unix" ? `unix:${listener.path}` : `${scheme}//${listener.authority}${path}`,
    port: listener.port,
    host,
    arrivals,
    tls,
    close: async () => {
      arrivals.close();
      await listener.close({ graceMs: 0 });
    },
  };
}

function targetUrl(loaded: Loaded, options: ServeOptions): string {
  const own = headerOf(loaded.script, "target");
  if (options.scheme !== undefined) return `${options.scheme}://127.0.0.1:1/`;
  if (own !== undefined) return own;
  const dialect = headerOf(loaded.script, "dialect") ?? "line";
  const scheme = { line: "tcp", resp: "redis", message: "ws", raw: "tcp" }[dialect] ?? dialect;
  return `${scheme}://127.0.0.1:1`;
}

async function welcome(channel: TcpChannel, target: Target, timeoutMs: number): Promise<void> {
  if (target.hasTls) await channel.startTls(true);
  if (target.isWebSocket) await grantUpgrade(channel, timeoutMs);
}

async function performAll(
  loaded: Loaded,
  door: MainDoor,
  rules: RuleBook,
  options: ServeOptions,
): Promise<Outcome> {
  const { repeat = "once" } = options;
  let connection = 0;
  const next = async (first?: Channel): Promise<Outcome> => {
    connection++;
    const outcome = await performOnce(loaded, door, rules, options, connection, first);
    options.onOutcome?.(outcome);
    if (outcome.failure !== undefined) throw new ExchangeFailure(outcome);
    return outcome;
  };
  if (repeat === "once") return await next();
  let last: Outcome | undefined;
  const running = new Set<Promise<unknown>>();
  try {
    for (;;) {
      const first = await door.arrivals.next();
      if (repeat === "again") last = await next(first);
      else {
        const one = next(first).then(
          (outcome) => (last = outcome),
          () => {},
        );
        running.add(one);
        void one.finally(() => running.delete(one));
      }
    }
  } catch (error) {
    await Promise.all(running);
    // The door was closed: what was performed until then is the outcome.
    if (last !== undefined && !(error instanceof ExchangeFailure)) return last;
    throw error;
  }
}

async function performOnce(
  loaded: Loaded,
  door: MainDoor,
  rules: RuleBook,
  options: ServeOptions,
  connection: number,
  first: Channel | undefined,
): Promise<Outcome> {
  const stage = new ListenStage(door, first, options.timeoutMs ?? 5000);
  try {
    const outcome = await perform(loaded.script, {
      role: "S",
      stage,
      target: door.url,
      read: loaded.read,
      rules,
      connection,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      ...(options.tell === undefined ? {} : { tell: options.tell }),
    });
    return { ...outcome, warnings: warningsOf(rules, "C") };
  } finally {
    await stage.close();
  }
}

/** The stage of the server: clients come in by the main door; it listens and dials for secondary connections. */
class ListenStage implements Stage {
  readonly #door: MainDoor;
  readonly #sideDoors: SideDoors;
  readonly #timeoutMs: number;
  #first: Channel | undefined;

  constructor(door: MainDoor, first: Channel | undefined, timeoutMs: number) {
    this.#door = door;
    this.#first = first;
    this.#timeoutMs = timeoutMs;
    this.#sideDoors = new SideDoors(door.tls, door.host);
  }

  async connect(address?: Address): Promise<Channel> {
    if (address === undefined) throw new TypeError("the server knows no address of the client to connect to");
    return await dial(address, this.#door.tls, this.#timeoutMs);
  }

  async accept(listener?: string): Promise<Channel> {
    const aside = listener === undefined ? undefined : this.#sideDoors.accept(listener);
    if (aside !== undefined) return await aside;
    const first = this.#first;
    this.#first = undefined;
    return first ?? (await this.#door.arrivals.next());
  }

  async listen(listener: string): Promise<Address> {
    return await this.#sideDoors.listen(listener);
  }

  async close(): Promise<void> {
    await this.#sideDoors.close();
  }
}
