import type { Command } from "../command.ts";
import { infoText } from "../info.ts";
import { verbatim } from "../reply.ts";

export const info: Command = {
  name: "info",
  arity: -1,
  flags: ["loading"],
  run: (words, { engine, version }) => verbatim(version, infoText(engine, words.slice(1))),
};
