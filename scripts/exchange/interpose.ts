import {
  type Interposer,
  startInterposer,
  startToxiproxy,
  type Toxiproxy,
} from "../../servers/exchange/index.ts";
import { CommandError } from "../command-line/flags.ts";
import { given } from "../command-line/given.ts";
import { serve } from "../serve.ts";
import type { VerbRun } from "./flags.ts";

/** Stands between clients and `--target` with the rules of the files, and offers toxiproxy's API at `--control`, until Ctrl-C. */
export const interpose: VerbRun = async (rules, flags) => {
  const { target, control, listen } = flags;
  if (target === undefined && control === undefined)
    throw new CommandError("interpose needs --target, the real server, or --control for toxiproxy's API");
  if (target === undefined && rules.length > 0)
    throw new CommandError(`interpose needs --target, the server that ${rules[0]} is about`);
  return await serve(async () => {
    const interposer =
      target === undefined
        ? undefined
        : await startInterposer({ target, rules, ...listen, ...given({ seed: flags.seed }) });
    let api: Toxiproxy | undefined;
    try {
      api = control && (await startToxiproxy(control));
    } catch (error) {
      await interposer?.close({ graceMs: 0 });
      throw error;
    }
    return {
      ready: { ...(interposer && { listen: interposer.url }), ...(api && { control: api.url }) },
      facts: [
        ...(interposer
          ? [
              ["Interposer", interposer.url] as const,
              ["Leads to", `${interposer.target}, with ${count(interposer)}`] as const,
            ]
          : []),
        ...(api ? [["Toxiproxy's API", api.url] as const] : []),
      ],
      tries: [],
      transcripts: interposer ? [interposer.transcript] : [],
      rules: interposer ? [interposer.rules] : [],
      close: async (options) => {
        await Promise.all([interposer?.close(options), api?.close()]);
      },
    };
  }, flags);
};

function count({ rules }: Interposer): string {
  const number = rules.list().length;
  return `${number} rule${number === 1 ? "" : "s"}, seed ${rules.seed}`;
}
