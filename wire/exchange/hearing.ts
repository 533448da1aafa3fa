import type { Context } from "./context.ts";
import { compareMessage, hear, shownLine, singleLines } from "./expectation.ts";
import type { Difference, Heard } from "./expectation.ts";
import { knownLine } from "./known-line.ts";
import type { Link } from "./link.ts";
import type { Candidate } from "./lookahead.ts";
import { compareReply } from "./reply.ts";
import type { StandingRule } from "./rules.ts";
import type { Message } from "./dialect.ts";
import type { Scope } from "./scope.ts";
import type { Duration, Item, Spoken } from "./script.ts";
import { milliseconds } from "./script.ts";
import type { Deviation } from "./trace.ts";

/** How long an optional line is waited for when nothing of the other side follows it. */
const optionalMs = 200;

/**
 * Waits until the other side has said the first line of a run, with those behind it that belong to the same message.
 * @param run consecutive lines of the other side on one connection
 * @param waits directions between them, by which our patience grows
 * @returns how many lines were met
 */
export function hearRun(
  context: Context,
  run: readonly Spoken[],
  scope: Scope,
  waits: readonly Duration[] = [],
): Promise<number> {
  const link = context.need(run[0]!.connection);
  let extraMs = 0;
  for (const duration of waits) extraMs += milliseconds(duration);
  if (run.every(isOneRow)) return hearOne(context, link, run, 0, scope, extraMs);
  return hearRows(context, link, run, scope, extraMs);
}

function isOneRow({ payload }: Spoken): boolean {
  return payload.lines.length < 2;
}

/** A block may be heard as several messages: all of its rows belong to its line. */
async function hearRows(
  context: Context,
  link: Link,
  run: readonly Spoken[],
  scope: Scope,
  extraMs: number,
): Promise<number> {
  const singles = run.flatMap((line, owner) =>
    singleLines(line, link.inbox).map((single) => ({ single, owner })),
  );
  const lines = singles.map(({ single }) => single);
  let at = 0;
  do at += await hearOne(context, link, lines, at, scope, extraMs);
  while (at < singles.length && singles[at]!.owner === singles[at - 1]!.owner);
  return singles[at - 1]!.owner + 1;
}

async function hearOne(
  context: Context,
  link: Link,
  lines: readonly Spoken[],
  index: number,
  scope: Scope,
  extraMs: number,
): Promise<number> {
  const deadline = performance.now() + context.patienceMs + extraMs;
  for (;;) {
    if (context.hasRules) await standing(context, link, scope);
    const heard = hear(lines, index, link.inbox, scope, context.options.read);
    if (heard.state === "fits") {
      accept(context, link, lines, index, heard, scope);
      return heard.lines;
    }
    if (heard.state === "differs") throw different(context, link, lines, index, heard.difference, scope);
    if (!(await context.news.wait(deadline))) throw context.timeout(lines[index], link);
  }
}

/** Takes what was met, binds its names and writes it into the trace. */
function accept(
  context: Context,
  link: Link,
  lines: readonly Spoken[],
  index: number,
  heard: Extract<Heard, { state: "fits" }>,
  scope: Scope,
): void {
  const { inbox } = link;
  const shown: string[] = [];
  for (let at = 0; at < heard.messages; at++) shown.push(...inbox.dialect.show(inbox.messages[at]!));
  for (const [name, value] of heard.bound) scope.set(name, withHost(link, value));
  if (heard.bytes === undefined) inbox.take(heard.messages);
  else {
    shown.push(`(${heard.bytes.toLocaleString("en")} bytes)`);
    inbox.takeBytes(heard.bytes);
  }
  context.settle();
  for (let offset = 0; offset < heard.lines; offset++) {
    const line = lines[index + offset]!;
    const text = shown.length === heard.lines ? shown[offset]! : (shown[offset] ?? shownLine(line, scope));
    context.trace.line(line.at, `${knownLine(line).head} ${text}`, line.speaker);
  }
}

/** `|||port|` leaves the host out: it is the one of this connection (RFC 2428 section 3). */
function withHost(link: Link, value: string): string {
  const host = link.channel.remoteHost;
  return /^:\d{1,5}$/.test(value) ? `${host.includes(":") ? `[${host}]` : host}${value}` : value;
}

function different(
  context: Context,
  link: Link,
  lines: readonly Spoken[],
  index: number,
  difference: Difference,
  scope: Scope,
): Deviation {
  const line = lines[difference.line] ?? lines[index]!;
  // What was met of the same message stands in the trace, up to the line that is not.
  const shown = difference.missing === true ? difference.actual.split("\n") : [];
  for (let at = index; at < difference.line; at++) {
    const text = shown[at - index] ?? shownLine(lines[at]!, scope);
    context.trace.line(lines[at]!.at, `${knownLine(lines[at]!).head} ${text}`, line.speaker);
  }
  const isEnd = link.inbox.end !== undefined && link.inbox.messages.length === 0;
  const broken = link.error;
  const expected = scope.mask(shownLine(line, scope));
  const isWide = difference.actual.length <= 65_536;
  return context.deviation(
    isEnd ? (broken === undefined ? "closed" : "error") : "mismatch",
    isEnd && broken !== undefined ? broken.message : difference.summary,
    {
      expected,
      actual: scope.mask(isWide ? difference.actual : `${difference.actual.slice(0, 65_536)}…`),
      ...(difference.at === undefined ? {} : { differsAt: difference.at }),
      ...(difference.missing === true ? { missing: expected } : {}),
      ...missingHint(context, line, difference),
    },
    line,
  );
}

/** A capability that was offered earlier in the conversation, but not in this reply. */
function missingHint(context: Context, line: Spoken, difference: Difference): { readonly hint?: string } {
  if (difference.missing !== true) return {};
  const word = /^[1-5][0-9x]{2}[- ]([A-Z0-9-]+)/.exec(shownLine(line, context.scope))?.[1];
  if (word === undefined) return {};
  for (const phase of context.trace.phases) {
    const found = phase.lines.find((entry) => new RegExp(`^S[^:]*: \\d{3}[- ]${word}\\b`).test(entry.text));
    if (found !== undefined) return { hint: `${word} was offered at line ${found.at.line} but not here.` };
  }
  return {};
}

/** Lets the standing rules have the message that waits first on a connection, each message once. */
export async function standing(context: Context, link: Link, scope: Scope): Promise<void> {
  const { rules } = context.options;
  if (rules === undefined || rules.rules.length === 0 || context.ruleLink !== undefined) return;
  for (let message = link.inbox.messages[0]; message !== undefined; message = link.inbox.messages[0]) {
    if (message.inBody || judged.has(message)) return;
    judged.add(message);
    let bound: ReadonlyMap<string, string> = new Map();
    const current = message;
    const firing = rules.fire(context.options.connection ?? 1, (rule) => {
      if (rule.hears.speaker !== context.them) return false;
      const found = meets(context, rule, current, link, scope);
      if (found !== undefined) bound = found;
      return found !== undefined;
    });
    if (firing === undefined) return;
    const inner = scope.inner();
    for (const [name, value] of bound) inner.set(name, value);
    const { rule, occurrence } = firing;
    context.trace.fault(`rule at line ${rule.line} (${rule.text}), time ${occurrence}`);
    context.trace.line(rule.hears.at, `${knownLine(rule.hears).head} ${current.text}`, rule.hears.speaker);
    context.ruleLink = link;
    context.isPassed = false;
    const { here } = context;
    try {
      await context.fire(firing, inner);
    } finally {
      context.ruleLink = undefined;
      context.here = here;
    }
    if (context.isPassed) return;
    link.inbox.take(1);
  }
}

const judged = new WeakSet<Message>();

function meets(
  context: Context,
  rule: StandingRule,
  message: Message,
  link: Link,
  scope: Scope,
): ReadonlyMap<string, string> | undefined {
  const { hears } = rule;
  if (hears.connection !== undefined && hears.connection !== link.name) return undefined;
  if (link.inbox.dialect.hasReplies && hears.speaker === "S") {
    const compared = compareReply([hears], message.text, scope);
    return compared.matches ? compared.bound : undefined;
  }
  const compared = compareMessage(hears, message, link.inbox, scope);
  void context;
  return compared.matches ? compared.bound : undefined;
}

/** Whether a candidate is what the other side does now: yes, no, or more has to come. */
export function judge(context: Context, candidate: Candidate, scope: Scope): Heard["state"] {
  if (candidate.type === "act") {
    const { act } = candidate.item;
    const link = context.find("connection" in act ? act.connection : undefined);
    if (link === undefined) return "waits";
    if (act.does === "connects") return "waits";
    if (link.isOver) return "fits";
    return link.inbox.isEmpty ? "waits" : "differs";
  }
  const link = context.find(candidate.lines[0]!.connection);
  if (link === undefined) return "differs";
  const lines = candidate.lines.flatMap((line) => singleLines({ ...line, mark: markOf(line) }, link.inbox));
  return hear(lines, 0, link.inbox, scope, context.options.read).state;
}

/** Asked whether it fits, a line that may be missing is a line like another. */
function markOf(line: Spoken): Spoken["mark"] {
  return line.mark === "&" || line.mark === "=" ? line.mark : "";
}

/**
 * Waits until it is decided which of several lists of candidates the other side has chosen; `undefined` when it is
 * none of them.
 * @param isBrief nothing of the other side follows: its silence is an answer too
 */
export async function choose(
  context: Context,
  choices: readonly (readonly Candidate[])[],
  scope: Scope,
  isBrief = false,
): Promise<number | undefined> {
  const patience = isBrief ? Math.min(optionalMs, context.patienceMs) : context.patienceMs;
  const deadline = performance.now() + patience;
  const spoken = choices
    .flat()
    .flatMap((candidate) => (candidate.type === "spoken" ? [candidate.lines[0]!] : []));
  for (;;) {
    for (const line of spoken) {
      const link = context.find(line.connection);
      if (link !== undefined) await standing(context, link, scope);
    }
    let isOpen = false;
    for (const [index, list] of choices.entries()) {
      const states = list.map((candidate) => judge(context, candidate, scope));
      if (states.includes("fits")) return index;
      isOpen ||= states.includes("waits");
    }
    if (!isOpen) return undefined;
    if (await context.news.wait(deadline)) continue;
    if (isBrief) return undefined;
    const item: Item | undefined = spoken[0] ?? context.here;
    throw context.timeout(item, context.find(spoken[0]?.connection));
  }
}
