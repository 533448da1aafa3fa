import { createSecureContext } from "node:tls";
import { serveConversations } from "../../wire/conversation-server.ts";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import type { CloseOptions } from "../../wire/listener.ts";
import { CommandCutter } from "../../wire/resp-command.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import type { Clock } from "../../wire/clock.ts";
import { Engine } from "./engine.ts";
import { Journal } from "./journal.ts";
import { resolveStoreOptions, type StoreOptions, type TornTail } from "./options.ts";
import { error } from "./reply.ts";
import { commandLimits, StoreSession } from "./session.ts";
import { isShort, showCommand, showReply } from "./show.ts";

/** A running key-value store that speaks the Redis protocol. */
export interface StoreServer extends AsyncDisposable {
  /** `redis://127.0.0.1:6380`, or `redis+unix:///path` for a unix socket. */
  readonly url: string;
  readonly host: string;
  /** 0 for a unix socket. */
  readonly port: number;
  /** The time of the store: `store.clock.advance(60_000)` lets keys expire that would in a minute. */
  readonly clock: Pick<Clock, "now" | "advance">;
  /** What was said on every connection. */
  readonly transcript: Transcript;
  /** Faults: added, listed and taken out while the store runs. */
  readonly rules: Rules;
  /** Connections now. */
  readonly connections: number;
  /** What was cut off the file when it was read; nothing when it ended with a whole command. */
  readonly tornTail: TornTail | undefined;
  /** Write the file anew, as short as it can be. @throws TypeError when there is none */
  rewrite(): Promise<void>;
  /** Stop accepting, let what is under way finish within `graceMs`, write everything down. Twice is the same as once. */
  close(options?: CloseOptions): Promise<void>;
}

/** How often keys are looked for whose time has come. */
const expiryMs = 100;

/**
 * Start a store: strings, lists, hashes, sets, sorted sets, streams, channels and transactions, RESP2 and RESP3, on
 * 127.0.0.1 and a free port unless told otherwise.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED, PROTOCOL_VIOLATION for a file that is none; TypeError for options
 * that exclude each other
 * @example
 * await using store = await startStore();
 * const redis = new Redis(store.url);
 */
export async function startStore(given: StoreOptions = {}): Promise<StoreServer> {
  const options = resolveStoreOptions(given);
  const rules = new FaultRules({ dialect: "resp", rules: options.rules, seed: options.seed });
  const engine = new Engine(options);
  const recorder = new Recorder("store", options.maxTranscriptEntries);
  const tornTail = options.folder === undefined ? undefined : Journal.open(engine, options.folder);
  if (tornTail) options.onTornTail?.(tornTail);
  const limits = commandLimits(options);
  const server = await serveConversations(
    [options.path === undefined ? { host: options.host, port: options.port } : { path: options.path }],
    {
      recorder,
      limits: options,
      interceptor: options.interceptor ?? rules,
      encoding: "latin1",
      cutter: () => new CommandCutter(limits),
      show: showCommand,
      showReply,
      isShownLate: isShort,
      open: (voice, cutter) => new StoreSession(voice, engine, cutter as CommandCutter),
      secureContext: () => createSecureContext(),
    },
    "-ERR max number of clients reached\r\n",
  ).catch(async (error: unknown) => {
    await engine.journal?.close();
    throw error;
  });
  const listener = server.listeners[0]!;
  const expiring = setInterval(() => engine.expireSome(), expiryMs).unref();
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> => {
    clearInterval(expiring);
    // Nobody is kept waiting for something that will not come.
    for (const client of engine.clients.values()) client.unblock?.(error("UNBLOCKED the store closes"));
    return (closing ??= server.close(closeOptions).then(async () => {
      recorder.close();
      await engine.journal?.close();
    }));
  };
  return {
    url: options.path === undefined ? `redis://${listener.authority}` : `redis+unix://${options.path}`,
    host: listener.host,
    port: listener.port,
    clock: {
      now: () => engine.clock.now(),
      advance: (ms) => {
        engine.clock.advance(ms);
        engine.expireAll();
      },
    },
    transcript: recorder,
    rules,
    get connections() {
      return server.connections;
    },
    tornTail,
    rewrite: async () => {
      if (!engine.journal) throw new TypeError("rewrite: this store keeps no file; start it with a folder");
      await engine.journal.rewrite();
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}
