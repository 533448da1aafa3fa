import { startRecorder } from "../../servers/exchange/index.ts";
import { CommandError } from "../command-line/flags.ts";
import { serve } from "../serve.ts";
import type { VerbRun } from "./flags.ts";

/** Stands in front of `--target` and writes each conversation to `--out`, until Ctrl-C. */
export const record: VerbRun = async (files, flags) => {
  const { target, listen, out = "recorded.exchange" } = flags;
  if (target === undefined)
    throw new CommandError("record needs --target, the real server: smtp://127.0.0.1:1025");
  if (files.length > 0) throw new CommandError(`record writes to --out, so leave ${files[0]} out`);
  return await serve(async () => {
    const recorder = await startRecorder({ target, out, ...listen });
    return {
      ready: { listen: recorder.url },
      facts: [
        ["Recorder", recorder.url],
        ["Leads to", target],
        ["Writes", `${out}, a file for each connection (-2, -3 …)`],
      ],
      tries: [],
      transcripts: [recorder.transcript],
      close: async (options) => {
        await recorder.close(options);
        if (!flags.quiet && !flags.json)
          for (const file of await recorder.files()) console.log(`wrote ${file}`);
      },
    };
  }, flags);
};
