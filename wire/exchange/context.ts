import { WireError } from "../errors.ts";
import { parseAddress, printAddress } from "./address.ts";
import { visible } from "./byte-string.ts";
import { dialectNamed, dialectOf, dialects } from "./dialects.ts";
import type { Dialect } from "./dialect.ts";
import { shownLine } from "./expectation.ts";
import type { ReadFile } from "./expectation.ts";
import { ValueProblem } from "./functions.ts";
import type { Environment } from "./functions.ts";
import { Link } from "./link.ts";
import { News } from "./news.ts";
import { parseDuration } from "./parse-act.ts";
import { nearest } from "./problem.ts";
import { printOne } from "./print.ts";
import type { Firing, RuleBook } from "./rule-book.ts";
import { Requirements } from "./requires.ts";
import { Scope } from "./scope.ts";
import { type Spoil, writeSpoiled } from "./spoil.ts";
import { headerOf, milliseconds } from "./script.ts";
import type { Item, Role, Script } from "./script.ts";
import type { Address } from "./address.ts";
import type { Channel, Stage } from "./stage.ts";
import { Deviation } from "./trace.ts";
import type { DeviationKind, TraceEvent } from "./trace.ts";
import { Tracer } from "./tracer.ts";

/** How a script is performed. */
export interface PerformOptions {
  /** Which side we are. */
  readonly role: Role;
  readonly stage: Stage;
  /** The URL of the target, or of our listener: decides the dialect, and stands in reports. */
  readonly target: string;
  /** Reads attachments and files beside the script. */
  readonly read: ReadFile;
  /** How long the other side may take for each line; the header `timeout` wins. @default 5_000 */
  readonly timeoutMs?: number;
  /** What `env()` sees. By default nothing, because a script may come from a stranger. */
  readonly environment?: Environment;
  /** Standing rules, shared by the connections of one server. */
  readonly rules?: RuleBook;
  /** The n-th connection of the server, from 1. @default 1 */
  readonly connection?: number;
  readonly tell?: (event: TraceEvent) => void;
}

/** What all parts of one performance share: its connections, its variables, its patience, its trace. */
export class Context {
  readonly script: Script;
  readonly options: PerformOptions;
  readonly us: Role;
  readonly them: Role;
  readonly scope: Scope;
  readonly trace: Tracer;
  readonly requirements: Requirements;
  readonly links = new Map<string, Link>();
  #open: readonly Link[] = [];
  /** What came on any of them. */
  readonly news = new News();
  /** Names of secondary connections: somebody listens for them. */
  readonly listened = new Set<string>();
  /** The item that is performed. */
  here: Item | undefined;
  /** The connection that lines without a name speak on inside a rule. */
  ruleLink: Link | undefined;
  /** Limit for the next expectation, by `(within 200ms)`. */
  withinMs: number | undefined;
  /** By how much `(S waits 200ms)` of the other side lets our patience grow. */
  extraMs = 0;
  spoil: Spoil | undefined;
  /** Whether a rule gave the message that it met to the script. */
  isPassed = false;
  /** Performs a rule that fires; set by the player. */
  fire: (firing: Firing, scope: Scope) => Promise<void> = () => Promise.resolve();
  readonly #timeoutMs: number;
  readonly #seed: number;
  readonly #scripted: ReadonlySet<string>;
  #bursts = 0;

  constructor(script: Script, options: PerformOptions) {
    this.script = script;
    this.options = options;
    this.us = options.role;
    this.them = options.role === "C" ? "S" : "C";
    this.scope = new Scope(options.environment);
    this.trace = new Tracer((bytes) => this.scope.mask(bytes), options.tell);
    const timeout = parseDuration(headerOf(script, "timeout") ?? "");
    this.#timeoutMs = timeout === undefined ? (options.timeoutMs ?? 5000) : milliseconds(timeout);
    this.#seed = Number(headerOf(script, "seed") ?? 0);
    this.#scripted = kindsOf(script);
    this.requirements = new Requirements(script);
  }

  /** Whether there are standing rules to be asked. */
  get hasRules(): boolean {
    return this.options.rules !== undefined && this.options.rules.rules.length > 0;
  }

  /** How long the other side may take for what is expected now. */
  get patienceMs(): number {
    return (this.withinMs ?? this.#timeoutMs) + this.extraMs;
  }

  /** Something was met: the next expectation has the usual patience again. */
  settle(): void {
    this.withinMs = undefined;
    this.extraMs = 0;
  }

  /** The connection of a name; the one of the rule, or the main one, without a name. */
  find(name: string | undefined): Link | undefined {
    if (name !== undefined) return this.links.get(name);
    return this.ruleLink ?? this.links.get("");
  }

  /** @throws {Deviation} when the script has not opened it */
  need(name: string | undefined): Link {
    const link = this.find(name);
    if (link !== undefined) return link;
    const known = [...this.links.keys()].filter((key) => key !== "");
    const near = name === undefined ? known[0] : nearest(name, known);
    const hint = near === undefined ? "open it with (C connects)" : `is '${near}' meant?`;
    throw this.deviation(
      "error",
      name === undefined ? "there is no connection" : `there is no connection '${name}'`,
      {
        hint,
      },
    );
  }

  add(name: string, channel: Channel): Link {
    const arrived = this.requirements.isEmpty
      ? (): void => this.news.came()
      : (): void => {
          for (const { text } of link.inbox.messages) this.requirements.heard(text);
          this.news.came();
        };
    const link: Link = new Link(name, channel, this.#dialect(name), this.us, this.#scripted, arrived);
    this.links.get(name)?.channel.destroy();
    this.links.set(name, link);
    this.#open = [...this.links.values()];
    return link;
  }

  #dialect(name: string): Dialect {
    const of = name === "" ? undefined : name;
    const named = headerOf(this.script, "dialect", of);
    if (named !== undefined) {
      const dialect = dialectNamed(named);
      if (dialect !== undefined) return dialect;
      const known = dialects.map((one) => one.name);
      const near = nearest(named, known);
      const hint = near === undefined ? `there are ${known.join(", ")}` : `did you mean '${near}'?`;
      throw this.deviation("error", `I don't know the dialect '${named}'`, { hint });
    }
    // A connection that somebody listened for, such as FTP's for data, carries bytes.
    if (name !== "" && (this.listened.has(name) || this.address(name) !== undefined))
      return dialectNamed("raw")!;
    const main = headerOf(this.script, "dialect");
    return (
      (main === undefined ? undefined : dialectNamed(main)) ??
      dialectOf(this.options.target) ??
      dialectOf(headerOf(this.script, "target") ?? "") ??
      dialectNamed("line")!
    );
  }

  /** The address captured in a name, or bound to it by listening. */
  address(name: string): Address | undefined {
    const value = this.scope.get(name);
    return value === undefined ? undefined : parseAddress(value);
  }

  bindAddress(name: string, address: Address): void {
    this.listened.add(name);
    this.scope.set(name, printAddress(address));
  }

  /** Sends what was said on every connection, each in one write. A promise only when that takes its time. */
  flush(): Promise<void> | undefined {
    if (this.spoil !== undefined) return this.#flushSpoiled();
    for (const link of this.#open) this.#bursts += link.flush();
    return undefined;
  }

  /** The first burst is spoiled, the others are not. */
  async #flushSpoiled(): Promise<void> {
    for (const link of this.links.values()) {
      for (const bytes of link.takeSaid()) {
        const { spoil } = this;
        this.spoil = undefined;
        const chance = { seed: this.#seed, connection: this.options.connection ?? 1, burst: ++this.#bursts };
        if (spoil === undefined) link.channel.write(bytes);
        else await writeSpoiled(link, bytes, spoil, chance);
      }
    }
  }

  /** A failure at the item that is performed. */
  deviation(
    kind: DeviationKind,
    summary: string,
    more: Partial<Deviation["facts"]> = {},
    item: Item | undefined = this.here,
  ): Deviation {
    const at = item?.at ?? { file: this.script.file, line: 1 };
    const script = item === undefined ? "" : (printOne(item)[0] ?? "");
    return new Deviation({ kind, summary, at, script, ...more });
  }

  /** Nothing came: says what the other side has, and what it may be waiting for. */
  timeout(item: Item | undefined, link: Link | undefined): Deviation {
    const other = this.us === "C" ? "the server" : "the client";
    const details: string[] = [];
    for (const one of this.links.values()) {
      const bytes = one.inbox.bytes;
      const name = one.name === "" ? "the connection" : `\`${one.name}\``;
      const sent = `${one.inbox.receivedBytes.toLocaleString("en")} bytes on ${name}`;
      const last =
        one.lastMs === 0 ? "" : `; last bytes ${Math.round(performance.now() - one.lastMs)} ms ago`;
      const state = one.inbox.end === undefined ? "keeps it open" : "has ended it";
      const waits =
        bytes === "" ? "nothing waiting" : `waiting: ${visible(this.scope.mask(bytes.slice(0, 120)))}`;
      details.push(`${other} has sent ${sent} and ${state}${last}; ${waits}`);
    }
    const last = this.trace.lastSpoken;
    const isPipelined =
      this.us === "S" && last?.speaker === "C" && item?.type === "spoken" && link !== undefined;
    const hint = isPipelined
      ? `the client waits for a reply at line ${last.at.line}, the script waits for ` +
        `${shownLine(item, this.scope).split(" ")[0]}: this client does not pipeline`
      : undefined;
    const expected = item?.type === "spoken" ? this.scope.mask(shownLine(item, this.scope)) : undefined;
    return this.deviation(
      "timeout",
      `nothing within ${Math.round(this.patienceMs)} ms`,
      { details, ...(hint === undefined ? {} : { hint }), ...(expected === undefined ? {} : { expected }) },
      item,
    );
  }

  /** Something went wrong that is not a difference: a value is missing, a port cannot be opened. */
  unforeseen(error: unknown): Deviation {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof WireError) {
      const isConnect = error.code === "CONNECT_FAILED" || error.code === "ADDRESS_IN_USE";
      const kind = isConnect ? "connect" : error.code === "TLS_FAILED" ? "tls" : "error";
      return this.deviation(kind, message);
    }
    if (error instanceof ValueProblem || error instanceof TypeError) return this.deviation("error", message);
    throw error;
  }

  /** Waits until everything said has left, but not for somebody who does not read. */
  async #flushed(link: Link): Promise<void> {
    if (link.channel.isFlushed) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 500);
    });
    await Promise.race([link.channel.flushed(), late]);
    clearTimeout(timer);
  }

  /** Lets go of every connection: gently when all went well, at once otherwise. */
  async leave(isFailed: boolean): Promise<void> {
    this.news.stop();
    for (const link of this.links.values()) {
      if (!isFailed && link.inbox.end !== "reset") {
        link.end();
        await this.#flushed(link);
      }
      link.channel.destroy();
    }
  }
}

const kindsByScript = new WeakMap<Script, ReadonlySet<string>>();

/** Every kind of line that a script has; looked for once, because a script may be played a thousand times. */
function kindsOf(script: Script): ReadonlySet<string> {
  let kinds = kindsByScript.get(script);
  if (kinds === undefined) {
    kinds = new Set(kindsIn(script.items));
    kindsByScript.set(script, kinds);
  }
  return kinds;
}

function* kindsIn(items: readonly Item[]): Generator<string> {
  for (const item of items) {
    if (item.type === "spoken") yield item.kind;
    else if (item.type === "block") for (const branch of item.branches) yield* kindsIn(branch);
  }
}
