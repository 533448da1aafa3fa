import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { WireError, wireErrors } from "../wire/errors.ts";

const readme = readFileSync(new URL("../wire/README.md", import.meta.url), "utf8");
const listed = [...readme.matchAll(/^\| `(?<code>[A-Z_]+)` \| (?<meaning>.+) \|$/gm)].map(({ groups }) => [
  groups?.["code"],
  groups?.["meaning"],
]);

describe("the codes of WireError", () => {
  test("are listed in wire/README.md with what they mean, each once, in order", () => {
    expect(listed).toEqual(Object.entries(wireErrors));
  });

  test("stand at the beginning of the message", () => {
    const cause = new Error("before");
    const error = new WireError("TIMED_OUT", "nothing in 5 ms", { cause });
    expect(error).toMatchObject({
      code: "TIMED_OUT",
      message: "TIMED_OUT nothing in 5 ms",
      name: "WireError",
      cause,
    });
  });
});
