import { describe, expect, test } from "vitest";
import { examplesOf, findExamples, moduleOf, nameOf } from "./examples.ts";

describe("the examples of the READMEs run", async () => {
  for (const example of await findExamples()) {
    describe(`${example.file}:${example.line}`, async () => {
      await import(/* @vite-ignore */ nameOf(example));
    });
  }
});

describe("an example", () => {
  const text = [
    "text",
    "```ts",
    'import { a } from "a";',
    "const b = a;",
    "```",
    "```ts",
    "const fragment = 1;",
    "```",
    "```sh",
    "import nothing",
    "```",
  ].join("\n");

  test("is a ts block that begins with an import", () => {
    expect(examplesOf("README.md", text)).toEqual([
      { file: "README.md", line: 2, code: 'import { a } from "a";\nconst b = a;\n' },
    ]);
  });

  test("becomes a test when it is none", () => {
    const [example] = examplesOf("README.md", text);
    expect(example && moduleOf(example)).toMatch(
      /import \{ a \} from "a";\n\nrunExample\(.*\{\nconst b = a;\n\}\);/,
    );
  });

  test("stays as it is when it calls test()", () => {
    const code = 'import { test } from "vitest";\ntest("a", () => {});\n';
    expect(moduleOf({ file: "README.md", line: 1, code })).toBe(code);
  });
});
