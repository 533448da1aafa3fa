import { perform as performAct } from "./acts.ts";
import { Context } from "./context.ts";
import type { PerformOptions } from "./context.ts";
import { choose, hearRun } from "./hearing.ts";
import { knownLine } from "./known-line.ts";
import { candidates, runFrom } from "./lookahead.ts";
import type { Candidate } from "./lookahead.ts";
import { printAct, printOne } from "./print.ts";
import type { Scope } from "./scope.ts";
import { headerOf } from "./script.ts";
import type { Block, Item, Script, Spoken } from "./script.ts";
import { sayLine } from "./speak.ts";
import { Deviation } from "./trace.ts";
import type { Outcome } from "./trace.ts";

export type { PerformOptions } from "./context.ts";

/**
 * Performs a script on a stage in one role, and gives how it went; a deviation is part of the outcome, not thrown.
 *
 * The script is walked from top to bottom. Our lines are collected and leave in one write when there is something to
 * listen to or to do; lines of the other side are waited for. Where the other side has a choice (blocks, `?`, `*`),
 * the first line that fits decides; where we have it, the first alternative is played once.
 */
export async function perform(script: Script, options: PerformOptions): Promise<Outcome> {
  const context = new Context(script, options);
  context.fire = async (firing, scope) => {
    await walk(context, firing.rule.does, [], scope);
    await context.flush();
  };
  let failure: Deviation | undefined;
  try {
    await walk(context, script.items, [], context.scope);
    await context.flush();
  } catch (error) {
    failure = error instanceof Deviation ? error : context.unforeseen(error);
  } finally {
    await context.leave(failure !== undefined);
  }
  return outcomeOf(context, failure);
}

/** How a performance went, up to now. */
export function outcomeOf(context: Context, failure?: Deviation): Outcome {
  const { script, options } = context;
  // A server that cannot be talked to at all is no matter of what it offers.
  const isMet = failure === undefined || options.role === "S" || failure.facts.kind === "connect";
  const skipped = isMet ? undefined : context.requirements.unmet(context.trace.phases);
  return {
    file: script.file,
    title: headerOf(script, "title") ?? script.file,
    verb: options.role === "C" ? "play" : "serve",
    target: options.target,
    ms: context.trace.ms,
    phases: context.trace.phases,
    faults: context.trace.faults,
    warnings: [],
    ...(failure === undefined || skipped !== undefined ? {} : { failure: failure.facts }),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

type Lists = readonly (readonly Item[])[];

/** @param behind the items behind the block that these stand in, innermost first */
async function walk(context: Context, items: readonly Item[], behind: Lists, scope: Scope): Promise<void> {
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    context.here = item;
    switch (item.type) {
      case "header":
        break;
      case "note":
        context.trace.phase(item.text.trim(), item.at);
        break;
      case "binding": {
        const value = scope.evaluate(item.expression);
        if (item.secret) scope.setSecret(item.name, value);
        else scope.set(item.name, value);
        break;
      }
      case "direction":
        await performAct(context, item);
        break;
      case "block":
        await block(context, item, [items.slice(index + 1), ...behind], scope);
        break;
      case "spoken":
        if (item.speaker === context.us) speak(context, item, scope);
        else {
          const flushing = context.flush();
          if (flushing !== undefined) await flushing;
          if (item.mark === "?" || item.mark === "*" || item.mark === "+")
            await listenMarked(context, item, [items.slice(index + 1), ...behind], scope);
          else {
            const { lines, waits } = runFrom(items, index);
            index = lastMet(context, items, index, await hearRun(context, lines, scope, waits));
          }
        }
        break;
    }
  }
}

/** Says a line of ours with the next flush. */
export function speak(context: Context, line: Spoken, scope: Scope): void {
  const link = context.need(line.connection);
  for (const { bytes, text } of sayLine(line, link.inbox, scope, context.options.read)) {
    link.say(bytes);
    const shown = bytes.length > 4096 ? `(${bytes.length.toLocaleString("en")} bytes)` : text;
    context.trace.line(line.at, `${knownLine(line).head} ${shown}`, line.speaker);
  }
}

/** The index of the last of so many lines that were met from an index on; comments between them are phases. */
function lastMet(context: Context, items: readonly Item[], index: number, heard: number): number {
  let at = index;
  for (let count = 1; count < heard;) {
    const item = items[++at]!;
    if (item.type === "spoken") count++;
    else if (item.type === "note") context.trace.phase(item.text.trim(), item.at);
  }
  return at;
}

/** `?`, `*`, `+`: as long as the line fits and what follows does not. */
async function listenMarked(context: Context, line: Spoken, after: Lists, scope: Scope): Promise<void> {
  const plain: Spoken = { ...line, mark: "" };
  const own: Candidate[] = [{ type: "spoken", lines: [plain] }];
  const behind = candidates(context.them, after);
  const isLast = behind.length === 0;
  if (line.mark === "?") {
    if ((await choose(context, [own, behind], scope, isLast)) === 0) await hearRun(context, [plain], scope);
    return;
  }
  if (line.mark === "+") await hearRun(context, [plain], scope.inner());
  // What follows is asked first: that is what "lazily" means.
  while ((await choose(context, [behind, own], scope, isLast)) === 1)
    await hearRun(context, [plain], scope.inner());
}

async function block(context: Context, item: Block, after: Lists, scope: Scope): Promise<void> {
  const { opener, branches } = item;
  const first = branches[0]!;
  if (opener.type === "whenever") return;
  if (opener.type === "repeat") {
    for (let round = 0; round < opener.times; round++)
      await walk(context, first, [first, ...after], scope.inner());
    return;
  }
  const choices = branches.map((branch) => candidates(context.them, [branch]));
  // Our turn: the first alternative, once.
  if (choices[0]!.length === 0) {
    await walk(context, first, after, scope);
    return;
  }
  await context.flush();
  if (opener.type === "either") {
    const chosen = await choose(context, choices, scope);
    if (chosen === undefined) throw noneFits(context, item, choices);
    await walk(context, branches[chosen]!, after, scope);
    return;
  }
  const behind = candidates(context.them, after);
  const isLast = behind.length === 0;
  if (opener.type === "optional") {
    if ((await choose(context, [choices[0]!, behind], scope, isLast)) === 0)
      await walk(context, first, after, scope);
    return;
  }
  if (opener.type === "one or more") await walk(context, first, [first, ...after], scope.inner());
  for (;;) {
    await context.flush();
    if ((await choose(context, [behind, choices[0]!], scope, isLast)) !== 1) return;
    await walk(context, first, [first, ...after], scope.inner());
  }
}

function noneFits(context: Context, item: Block, choices: readonly (readonly Candidate[])[]): Deviation {
  const all = choices.flat();
  const texts = all.map((candidate) =>
    candidate.type === "spoken" ? printOne(candidate.lines[0]!)[0]! : `(${printAct(candidate.item.act)})`,
  );
  const spoken = all.find((candidate) => candidate.type === "spoken");
  const link = context.find(spoken?.lines[0]!.connection);
  const actual = link?.inbox.messages[0]?.text;
  return context.deviation(
    "mismatch",
    "none of the alternatives fits",
    {
      expected: context.scope.mask(texts.join(" or ")),
      ...(actual === undefined ? {} : { actual: context.scope.mask(actual) }),
    },
    item,
  );
}
