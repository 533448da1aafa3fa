import { readFileSync, writeFileSync } from "node:fs";
import { generalize as merge } from "../../wire/exchange/generalize.ts";
import { parse } from "../../wire/exchange/parse.ts";
import { print } from "../../wire/exchange/print.ts";
import { CommandError } from "../command-line/flags.ts";
import type { VerbRun } from "./flags.ts";

/** Makes one script of two recordings: holes where they differ. It is printed, or with `--write` put into the first. */
export const generalize: VerbRun = ([first, second, ...others], flags) => {
  if (first === undefined || second === undefined || others.length > 0) {
    throw new CommandError("generalize takes two recordings of the same conversation");
  }
  const [a, b] = [first, second].map((file) => parse(readFileSync(file, "utf8"), file));
  const text = print(merge(a!, b!));
  if (flags.write) writeFileSync(first, text);
  else process.stdout.write(text);
  return Promise.resolve(0);
};
