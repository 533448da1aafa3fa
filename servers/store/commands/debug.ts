import type { Answer, Command } from "../command.ts";
import { doubleOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { ok, simple } from "../reply.ts";
import { typeOf } from "../value.ts";

/** DEBUG SLEEP seconds: the whole store stops, as Redis does; DEBUG OBJECT key. */
export const debug: Command = {
  name: "debug",
  arity: -2,
  flags: ["admin", "noscript", "loading"],
  run: (words, client): Answer => {
    const value = client.db.get(words[2] ?? "");
    switch (words[1]!.toLowerCase()) {
      case "sleep": {
        const ms = doubleOf(words[2] ?? "") * 1_000;
        if (!(ms >= 0 && ms <= maxSleepMs))
          return refuse(`a sleep takes from 0 to ${maxSleepMs / 1_000} seconds`);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        return ok;
      }
      case "object":
        if (value === undefined) return refuse("no such key");
        return simple(`Value at:0x0 refcount:1 type:${typeOf(value)}`);
      default:
        return refuse(`unknown subcommand '${words[1]}'. Try DEBUG HELP.`);
    }
  },
};

/** The store lives in the process of a test: nobody may stop that for long. */
const maxSleepMs = 60_000;
