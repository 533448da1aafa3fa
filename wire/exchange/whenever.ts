import type { Said } from "../connection.ts";
import type { Floor, Intervention } from "../interceptor.ts";
import { bufferOf, bytesOf } from "./byte-string.ts";
import type { CompiledRule } from "./compile-rule.ts";
import type { Dialect } from "./dialect.ts";
import { garble } from "./draw.ts";
import { compareMessage, type ReadFile } from "./expectation.ts";
import type { Firing } from "./fault.ts";
import { textOf } from "./faults/replies.ts";
import { Inbox } from "./inbox.ts";
import type { Loaded } from "./load.ts";
import { RuleProblem, rulesOf, type StandingRule } from "./rules.ts";
import { Scope } from "./scope.ts";
import { type Item, milliseconds } from "./script.ts";
import { sayLine } from "./speak.ts";

/**
 * The `(whenever)` blocks of a script as rules like any other.
 * @param number gives the next free number
 * @param isDatagrams whether each line is one of its own
 * @throws RuleProblem when one asks for what a rule cannot do
 */
export function compileScript(
  { script, read }: Loaded,
  dialect: Dialect,
  number: () => number,
  isDatagrams = false,
): CompiledRule[] {
  return rulesOf(script).map((rule) => {
    check(rule, script.file);
    return compileStanding(rule, script.items, dialect, read, number(), isDatagrams);
  });
}

function compileStanding(
  rule: StandingRule,
  items: readonly Item[],
  dialect: Dialect,
  read: ReadFile,
  number: number,
  isDatagrams: boolean,
): CompiledRule {
  const meets = (text: string): Scope | undefined => {
    const scope = scopeOf(items);
    const inbox = new Inbox(dialect, "C");
    const bytes = bytesOf(text);
    const compared = compareMessage(rule.hears, { kind: "", text: bytes, raw: bytes }, inbox, scope);
    if (!compared.matches) return undefined;
    for (const [name, value] of compared.bound) scope.set(name, value);
    return scope;
  };
  return {
    number,
    when: rule.when,
    on: rule.text,
    line: rule.line,
    isAboutBytes: false,
    meets: (occasion) => occasion.type === "message" && meets(occasion.text) !== undefined,
    effect: {
      title: titleOf(rule),
      turn: (firing) => {
        const scope = meets(firing.text) ?? scopeOf(items);
        return (floor) => new Performance(rule, dialect, read, scope, firing, floor, isDatagrams).run();
      },
    },
  };
}

/** The variables that the script binds outside of its rules. */
function scopeOf(items: readonly Item[]): Scope {
  const scope = new Scope();
  for (const item of items) {
    if (item.type !== "binding") continue;
    const value = scope.evaluate(item.expression);
    if (item.secret) scope.setSecret(item.name, value);
    else scope.set(item.name, value);
  }
  return scope;
}

/** What rules can do; the rest of the language needs a script around it. */
function check(rule: StandingRule, file: string): void {
  const refuse = (line: number, what: string): never => {
    throw new RuleProblem(`${file}:${line}: ${what}`);
  };
  if (rule.hears.speaker !== "C" || rule.hears.connection !== undefined) {
    refuse(rule.line, "a rule between client and server waits for what the client says: C: ...");
  }
  for (const item of rule.does) {
    if (item.type === "note") continue;
    if (item.type === "spoken" && item.speaker === "S" && item.connection === undefined) continue;
    if (item.type === "direction") {
      const { act } = item;
      if (act.does === "pass") continue;
      if (possible.has(act.does) && "actor" in act && act.actor === "S") continue;
    }
    refuse(
      item.at.line,
      "a rule can say lines of S, wait, close, reset, stall, drip, truncate, garble and pass",
    );
  }
}

const possible = new Set([
  "waits",
  "closes",
  "half-closes",
  "resets",
  "stalls",
  "drips",
  "truncates",
  "garbles",
]);

function titleOf(rule: StandingRule): string {
  const words = rule.does.map((item) => {
    if (item.type === "spoken") return "reply";
    return item.type === "direction" ? item.act.does : item.type;
  });
  return [...new Set(words)].join(", ") || "silence";
}

/** One firing of a written rule. */
class Performance {
  readonly #rule: StandingRule;
  readonly #inbox: Inbox;
  readonly #read: ReadFile;
  readonly #scope: Scope;
  readonly #firing: Firing;
  readonly #floor: Floor;
  readonly #isDatagrams: boolean;
  /** What is said before the next pause leaves in one write. */
  #burst = "";
  #spoil: ((burst: Buffer) => Promise<void>) | undefined;

  constructor(
    rule: StandingRule,
    dialect: Dialect,
    read: ReadFile,
    scope: Scope,
    firing: Firing,
    floor: Floor,
    isDatagrams: boolean,
  ) {
    this.#isDatagrams = isDatagrams;
    this.#rule = rule;
    this.#inbox = new Inbox(dialect, "C");
    // `2xx` is the code for the command that was heard, and no greeting.
    if (dialect.hasReplies) this.#inbox.restart();
    this.#inbox.push(this.#inbox.encode("C", "", bytesOf(firing.text)));
    this.#read = read;
    this.#scope = scope;
    this.#firing = firing;
    this.#floor = floor;
  }

  readonly run: () => ReturnType<Intervention> = async () => {
    for (const item of this.#rule.does) {
      if (item.type === "spoken") {
        for (const { bytes } of sayLine(item, this.#inbox, this.#scope, this.#read)) this.#burst += bytes;
        if (this.#isDatagrams) await this.#flush();
      } else if (item.type === "direction") await this.#act(item.act);
    }
    await this.#flush();
  };

  async #act(act: Extract<Item, { type: "direction" }>["act"]): Promise<void> {
    const floor = this.#floor;
    if (act.does === "drips") {
      const everyMs = milliseconds(act.every);
      this.#spoil = (burst) => this.#drip(burst, act.bytes, everyMs);
      return;
    }
    if (act.does === "truncates") {
      this.#spoil = (burst) => this.#send(burst.subarray(0, act.bytes));
      return;
    }
    if (act.does === "garbles") {
      const { connection, occurrence } = this.#firing;
      const seed = Math.floor(this.#firing.draw(0) * 0x1_0000_0000);
      this.#spoil = (burst) =>
        this.#send(bufferOf(garble(burst.toString("latin1"), act.bytes, seed, connection, occurrence)));
      return;
    }
    if (act.does === "pass") {
      const said = await floor.pass();
      if (!act.quietly) this.#burst += byteStringOf(said);
      return;
    }
    await this.#flush();
    if (act.does === "waits") await floor.wait(milliseconds(act.duration));
    else if (act.does === "closes" || act.does === "half-closes") floor.end();
    else if (act.does === "resets") floor.reset();
    else if (act.does === "stalls") await floor.gone;
  }

  async #flush(): Promise<void> {
    if (this.#burst === "") return;
    const burst = bufferOf(this.#burst);
    this.#burst = "";
    const spoil = this.#spoil;
    this.#spoil = undefined;
    await (spoil ? spoil(burst) : this.#send(burst));
  }

  async #send(bytes: Buffer): Promise<void> {
    this.#floor.say(bytes);
    await Promise.resolve();
  }

  async #drip(burst: Buffer, pieceBytes: number, everyMs: number): Promise<void> {
    for (let at = 0; at < burst.length; at += pieceBytes) {
      if (at > 0) await this.#floor.wait(everyMs);
      this.#floor.say(burst.subarray(at, at + pieceBytes));
    }
  }
}

function byteStringOf(said: Said): string {
  return typeof said === "string" ? bytesOf(said) : textOf(said);
}
