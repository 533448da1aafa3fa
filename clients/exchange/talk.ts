import { perform as performAct } from "../../wire/exchange/acts.ts";
import { Context } from "../../wire/exchange/context.ts";
import { ExchangeFailure } from "../../wire/exchange/failure.ts";
import { hearRun } from "../../wire/exchange/hearing.ts";
import { prepare } from "../../wire/exchange/load.ts";
import type { Item, Spoken } from "../../wire/exchange/script.ts";
import { outcomeOf, speak } from "../../wire/exchange/perform.ts";
import { Deviation } from "../../wire/exchange/trace.ts";
import { DialStage } from "./dial-stage.ts";
import type { PlayOptions } from "./options.ts";

/** The values that a conversation has bound, by name. */
export type Variables = Readonly<Record<string, string>>;

/**
 * A conversation line by line, from code: for what scripts refuse to do, such as deciding by what was heard.
 *
 *     await using talk = await exchange(smtp.url)
 *     await talk.hear("220 ...")
 *     const { size } = await talk.say("EHLO me.test").hear("250-${:word}\n&250-SIZE ${size:int}\n250 HELP")
 *     if (Number(size) > 1000) …
 */
export interface Talk extends AsyncDisposable {
  /** Says lines; they leave, in one write, when something is heard or done. */
  say(lines: string): Talk;
  /** Waits for lines of the server, each perhaps with a mark before it (`&250-SIZE`); gives what is bound by then. */
  hear(lines: string): Promise<Variables>;
  /** Does or expects a stage direction: `C starts TLS`, `S closes`, `silence 50ms`. */
  act(direction: string): Promise<void>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/**
 * Connects, to talk line by line.
 * @param target `smtp://127.0.0.1:1025`; its scheme decides the dialect
 * @throws {ExchangeFailure} when nobody answers; later, with the conversation so far, for each line that is not met
 */
export async function exchange(target: string, options: Omit<PlayOptions, "target"> = {}): Promise<Talk> {
  const stage = new DialStage(target, options);
  const { script, read } = prepare("", "talk.exchange");
  const timeoutMs = options.timeoutMs ?? 5000;
  const given = { role: "C", stage, target, read, timeoutMs } as const;
  const context = new Context(script, {
    ...given,
    ...(options.tell === undefined ? {} : { tell: options.tell }),
  });
  let lineNumber = 0;

  const items = (text: string): Item[] =>
    prepare(text, "talk.exchange").script.items.map((item) => ({
      ...item,
      at: { file: "talk.exchange", line: ++lineNumber },
    }));
  const attempt = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      const failure = error instanceof Deviation ? error : context.unforeseen(error);
      throw new ExchangeFailure(outcomeOf(context, failure));
    }
  };
  const act = (direction: string): Promise<void> =>
    attempt(async () => {
      for (const item of items(`(${direction})`)) {
        context.here = item;
        if (item.type === "direction") await performAct(context, item);
      }
    });
  const close = async (): Promise<void> => {
    await context.flush();
    await context.leave(false);
    await stage.close();
  };
  const talk: Talk = {
    say(lines) {
      for (const item of items(prefixed("C", lines))) {
        context.here = item;
        if (item.type === "spoken") speak(context, item, context.scope);
      }
      return talk;
    },
    hear: (lines) =>
      attempt(async () => {
        const run = items(prefixed("S", lines)).filter((item): item is Spoken => item.type === "spoken");
        await context.flush();
        for (let at = 0; at < run.length;) {
          context.here = run[at];
          at += await hearRun(context, run.slice(at), context.scope);
        }
        return context.scope.all();
      }),
    act,
    close,
    [Symbol.asyncDispose]: close,
  };
  try {
    await act("C connects");
  } catch (error) {
    await close();
    throw error;
  }
  return talk;
}

/** Lines of a script out of what is said; a mark may stand before each. */
function prefixed(role: "C" | "S", lines: string): string {
  return lines
    .split("\n")
    .map((line) => {
      const mark = role === "S" && /^[&=]/.test(line) ? line[0]! : "";
      const text = line.slice(mark.length);
      return `${role}${mark}:${text === "" ? "" : ` ${text}`}`;
    })
    .join("\n");
}
