import { createRequire } from "node:module";
import { extname } from "node:path";
import type { SecureContext } from "node:tls";
import { fileURLToPath } from "node:url";
import type {
  ConnectionAbout,
  ConnectionInterceptor,
  Floor,
  Interceptor,
  Intervention,
} from "../interceptor.ts";
import { Crowd } from "../crowd.ts";
import type { Passage } from "../passage.ts";
import type { CompiledRule, Occasion } from "./compile-rule.ts";
import type { Compilation, compileRules } from "./compile-rules.ts";
import type { Dialect, DialectName } from "./dialect.ts";
import { draw } from "./draw.ts";
import { Facts } from "./facts.ts";
import type { Effect, Firing } from "./fault.ts";
import type { FaultRule, Rules, RuleState } from "./rule.ts";
import { RuleBook } from "./rule-book.ts";

/** How an engine begins. */
export interface FaultRulesOptions {
  /** How messages of written rules are compared. */
  readonly dialect: Dialect | DialectName;
  readonly rules?: readonly (FaultRule | string)[];
  /** Of everything that happens by chance. @default that of the first script that has one, or 0 */
  readonly seed?: number | undefined;
  /** Each line that a rule says is a datagram of its own. @default false */
  readonly isDatagrams?: boolean;
  /** Refuses a rule that cannot work where the engine stands, by throwing a TypeError. */
  readonly check?: (rule: CompiledRule) => void;
}

const require = createRequire(import.meta.url);
const ending = extname(fileURLToPath(import.meta.url));

/**
 * What makes rules ready: 80 files, which most servers never need, and `add` cannot wait for an import. Node keeps one
 * copy of a module, whether it was imported or required.
 */
function compiler(): typeof compileRules {
  return (require(`./compile-rules${ending}`) as { readonly compileRules: typeof compileRules }).compileRules;
}

/**
 * The rules of one server or interposer: typed ones and `(whenever)` blocks, in one book. It stands between the wire
 * and the session; with no rules in it a message costs one look at an empty list.
 */
export class FaultRules implements Interceptor, Rules {
  readonly book: RuleBook<CompiledRule>;
  readonly startedMs = performance.now();
  readonly #compilation: Compilation;
  readonly #watchers = new Crowd<Watcher>();
  readonly #check: (rule: CompiledRule) => void;

  constructor({ dialect, rules = [], seed, isDatagrams = false, check = () => {} }: FaultRulesOptions) {
    this.#check = check;
    this.book = new RuleBook<CompiledRule>([], seed ?? 0);
    let lastNumber = 0;
    let hasSeed = seed !== undefined;
    this.#compilation = {
      dialect,
      isDatagrams,
      number: () => ++lastNumber,
      seeded: (wanted) => {
        if (!hasSeed) this.book.seed = wanted;
        hasSeed = true;
      },
    };
    this.add(...rules);
  }

  get seed(): number {
    return this.book.seed;
  }

  /** Whether no rule has to understand what is said. */
  get isAboutBytes(): boolean {
    return this.book.rules.every((rule) => rule.isAboutBytes);
  }

  add(...rules: readonly (FaultRule | string)[]): () => void {
    if (rules.length === 0) return () => {};
    const added = compiler()(rules, this.#compilation);
    for (const rule of added) this.#check(rule);
    this.book.rules = [...this.book.rules, ...added];
    for (const watcher of this.#watchers.all()) {
      watcher.isIdle = this.book.rules.length === 0;
      watcher.stand(added);
    }
    return () => this.#remove(new Set(added));
  }

  clear(): void {
    this.#remove(new Set(this.book.rules));
  }

  list(): RuleState[] {
    return this.book.rules.map((rule) => ({
      number: rule.number,
      title: rule.effect.title,
      on: rule.on,
      ...(rule.line === undefined ? {} : { line: rule.line }),
      met: this.book.met(rule),
      fired: this.book.fired(rule),
    }));
  }

  warnings(): string[] {
    return this.book.unused.map(
      (rule) => `rule ${rule.number}${lineOf(rule)} never fired: ${rule.effect.title} on ${rule.on}`,
    );
  }

  open(about: ConnectionAbout): ConnectionInterceptor {
    const watcher = new Watcher(this, about);
    this.#watchers.add(watcher);
    watcher.isIdle = this.book.rules.length === 0;
    watcher.stand(this.book.rules);
    return watcher;
  }

  /** A connection is gone. */
  leave(watcher: Watcher, connection: number): void {
    this.#watchers.remove(watcher);
    this.book.forget(connection);
  }

  #remove(rules: ReadonlySet<CompiledRule>): void {
    this.book.rules = this.book.rules.filter((rule) => !rules.has(rule));
    for (const watcher of this.#watchers.all()) {
      watcher.isIdle = this.book.rules.length === 0;
      watcher.drop(rules);
    }
  }
}

/** The rules on one connection. */
class Watcher implements ConnectionInterceptor {
  /** Among those who watch. */
  place = 0;
  /** There are no rules. */
  isIdle = true;
  readonly #rules: FaultRules;
  readonly #about: ConnectionAbout;
  readonly #facts = new Facts();
  /** Stages that last as long as the connection, by their rule. */
  #standing: Map<CompiledRule, () => void> | undefined;
  /** How often each verb was heard, since there are rules. */
  #ordinals: Map<string, number> | undefined;

  constructor(rules: FaultRules, about: ConnectionAbout) {
    this.#rules = rules;
    this.#about = about;
  }

  greeting(): Intervention | undefined {
    return this.isIdle ? undefined : this.#turn({ type: "greeting" }, "");
  }

  heard(text: string): Intervention | undefined {
    if (this.isIdle) return undefined;
    this.#facts.heard(text);
    return this.#turn({ type: "message", text }, text);
  }

  secureContext(): SecureContext | undefined {
    if (this.isIdle) return undefined;
    let context: SecureContext | undefined;
    this.#fire({ type: "handshake" }, "", this.#rules.book.rules, (effect) => {
      context = effect.secureContext?.();
      return context !== undefined;
    });
    return context;
  }

  identified(user: string): void {
    this.#facts.user = user;
  }

  secured(): void {
    this.#facts.secured();
  }

  closed(): void {
    this.#rules.leave(this, this.#about.connection);
  }

  /** Put the stages of rules that are about all bytes into the connection. */
  stand(rules: readonly CompiledRule[]): void {
    for (const rule of rules) {
      if (!rule.effect.stage) continue;
      this.#fire({ type: "connection" }, "", [rule], (effect, firing) => {
        if (!effect.stage) return false;
        (this.#standing ??= new Map()).set(rule, this.#passage(effect).add(effect.stage(firing)));
        return true;
      });
    }
  }

  drop(rules: ReadonlySet<CompiledRule>): void {
    for (const [rule, takeOut] of this.#standing ?? []) {
      if (!rules.has(rule)) continue;
      this.#standing?.delete(rule);
      takeOut();
    }
  }

  #passage({ direction = "S" }: Effect, where: Pick<Floor, "incoming" | "outgoing"> = this.#about): Passage {
    return direction === "C" ? where.incoming : where.outgoing;
  }

  #turn(occasion: Occasion, text: string): Intervention | undefined {
    let turn: Intervention | undefined;
    this.#fire(occasion, text, this.#rules.book.rules, (effect, firing) => {
      turn = effect.turn?.(firing) ?? this.#stageTurn(effect, firing);
      return turn !== undefined;
    });
    return turn;
  }

  /** A fault on bytes that lasts for one turn. */
  #stageTurn(effect: Effect, firing: Firing): Intervention | undefined {
    const stage = effect.turn ? undefined : effect.stage?.(firing);
    if (!stage) return undefined;
    return async (floor) => {
      const passage = this.#passage(effect, floor);
      const takeOut = passage.add(stage);
      const said = await floor.pass();
      floor.say(said);
      await passage.emptied();
      takeOut();
    };
  }

  #fire(
    occasion: Occasion,
    text: string,
    rules: readonly CompiledRule[],
    take: (effect: Effect, firing: Firing) => boolean,
  ): void {
    const { book, startedMs } = this.#rules;
    const { connection, remoteAddress } = this.#about;
    const sinceStartMs = performance.now() - startedMs;
    const subject = this.#subject(occasion, text);
    book.fire(
      connection,
      (rule) => rules.includes(rule) && rule.meets(occasion, this.#facts, connection, sinceStartMs),
      ({ rule, ownOccurrence }) => {
        const taken = take(rule.effect, {
          text,
          connection,
          remoteAddress,
          sender: this.#facts.sender,
          occurrence: ownOccurrence,
          draw: (index) => draw(book.seed, connection * 0x10000 + ownOccurrence, rule.number, index),
        });
        if (taken) {
          const { title } = rule.effect;
          this.#about.note(
            `fault ${rule.number}: ${title} at connection ${connection}, ${subject}${lineOf(rule)}`,
          );
        }
        return taken;
      },
    );
  }

  /** `RCPT #2`: the second command of this verb on the connection. */
  #subject(occasion: Occasion, text: string): string {
    if (occasion.type !== "message") return occasion.type;
    const verb = /^[A-Za-z]+/.exec(text)?.[0].toUpperCase() ?? text.slice(0, 1);
    this.#ordinals ??= new Map();
    const ordinal = (this.#ordinals.get(verb) ?? 0) + 1;
    this.#ordinals.set(verb, ordinal);
    return `${verb} #${ordinal}`;
  }
}

function lineOf(rule: CompiledRule): string {
  return rule.line === undefined ? "" : ` (rule at line ${rule.line})`;
}
