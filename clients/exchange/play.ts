import { ExchangeFailure } from "../../wire/exchange/failure.ts";
import type { Loaded } from "../../wire/exchange/load.ts";
import { loadScript } from "../../wire/exchange/load.ts";
import { perform } from "../../wire/exchange/perform.ts";
import { RuleBook } from "../../wire/exchange/rule-book.ts";
import { rulesOf, warningsOf } from "../../wire/exchange/rules.ts";
import { headerOf } from "../../wire/exchange/script.ts";
import type { Outcome } from "../../wire/exchange/trace.ts";
import { DialStage } from "./dial-stage.ts";
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
  const timeoutMs = options.timeoutMs ?? 5000;
  const stage = new DialStage(url, options);
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
    return { ...outcome, warnings: warningsOf(rules, "S") };
  } finally {
    await stage.close();
  }
}
