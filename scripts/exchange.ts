#!/usr/bin/env node
import { command, main } from "./command-line.ts";
import {
  CommandError,
  durationMs,
  listenAddress,
  text,
  toggle,
  value,
  values,
  wholeNumber,
} from "./command-line/flags.ts";
import { nearestWord } from "./command-line/nearest-word.ts";
import { check } from "./exchange/check.ts";
import { findFiles } from "./exchange/files.ts";
import { format } from "./exchange/format.ts";
import { generalize } from "./exchange/generalize.ts";
import { interpose } from "./exchange/interpose.ts";
import { play } from "./exchange/play.ts";
import { record } from "./exchange/record.ts";
import { serve } from "./exchange/serve.ts";
import { ScriptError } from "../wire/exchange/problem.ts";

const verbs = { play, serve, record, interpose, check, format, generalize } as const;
type Verb = keyof typeof verbs;

/** `portside exchange`: conversations in plain text, played against servers and served to clients. */
export const exchange = command({
  name: "exchange",
  summary: "play, serve, record and interpose conversations in plain text",
  operands: `${Object.keys(verbs).join("|")} FILE…`,
  flags: {
    target: value({ argument: "URL", help: "the real server, such as smtp://127.0.0.1:1025" }, text),
    listen: value({ argument: "[IP]:PORT", help: "where to serve; port 0 takes a free one" }, listenAddress),
    control: value(
      { argument: "[IP]:PORT", help: "interpose: where toxiproxy's API listens, usually :8474" },
      listenAddress,
    ),
    out: value({ argument: "FILE", help: "record: the script that is written (recorded.exchange)" }, text),
    report: values({ argument: "KIND", help: "text, tap, json or junit=FILE" }, text),
    timeout: value(
      { argument: "TIME", help: "how long the other side may take for each line (5s)" },
      durationMs,
    ),
    seed: value({ argument: "NUMBER", help: "repeat the chances of another run" }, wholeNumber),
    ca: value({ argument: "FILE", help: "trust these authorities, and nobody else" }, text),
    mutate: toggle({ help: "check: change each line of the server and demand that the play fails" }),
    update: toggle({ help: "play: rewrite lines of the server that differ to what it says now" }),
    again: toggle({ help: "serve: after each success once more" }),
    many: toggle({ help: "serve: every connection its own conversation" }),
    write: toggle({ help: "format: write the files back", letter: "w" }),
    json: toggle({ help: "serve: say the address as one JSON object" }),
    quiet: toggle({ help: "say only what failed", letter: "q" }),
    verbose: toggle({ help: "record, interpose: show the conversations on stderr", letter: "v" }),
  },
  examples: [
    "portside exchange play test/exchanges/*.exchange --target smtp://127.0.0.1:1025",
    "portside exchange serve greylist.exchange --listen :2525",
    "portside exchange record --target ftp://ftp.example.com --listen :2121 --out login.exchange",
    "portside exchange interpose faults.exchange --target smtp://127.0.0.1:1025 --listen :2525",
    "portside exchange check --mutate 'test/exchanges/**/*.exchange'",
  ],
  run: async (options, [verb = "", ...patterns]) => {
    if (!isVerb(verb)) {
      const near = nearestWord(verb, Object.keys(verbs));
      const advice = near === undefined ? `say ${Object.keys(verbs).join(", ")}` : `did you mean ${near}?`;
      throw new CommandError(verb === "" ? `what shall be done? ${advice}` : `I cannot '${verb}'; ${advice}`);
    }
    const isFileless = patterns.length === 0 && (verb === "record" || verb === "interpose");
    const files = isFileless ? [] : await findFiles(patterns);
    try {
      return await verbs[verb](files, options);
    } catch (error) {
      // Exit codes as Hurl has them: 2 is a script that does not parse.
      if (!(error instanceof ScriptError)) throw error;
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
  },
});

function isVerb(verb: string): verb is Verb {
  return Object.hasOwn(verbs, verb);
}

if (import.meta.main) await main(exchange);
