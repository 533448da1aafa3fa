import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "../../wire/exchange/parse.ts";
import { print } from "../../wire/exchange/print.ts";
import type { VerbRun } from "./flags.ts";

/** Prints files in their normal form, or with `--write` puts them into it; without it, exit code 4 when one is not. */
export const format: VerbRun = (files, flags) => {
  let loose = 0;
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const normal = print(parse(text, file));
    if (normal === text) continue;
    loose++;
    if (flags.write) writeFileSync(file, normal);
    if (!flags.quiet)
      console.log(`${file}${flags.write ? " written" : " is not in the normal form; --write does it"}`);
  }
  return Promise.resolve(flags.write || loose === 0 ? 0 : 4);
};
