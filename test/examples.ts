import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/*
 * The examples of the READMEs run as tests. A block is marked as an example by its beginning: a fence of `ts` whose
 * first line is an `import` stands by itself and is run; one without is a fragment, for reading only. An example that
 * calls `test()` is run as it is; the body of any other one is put into a test. Its `portside` imports mean the sources,
 * as everywhere in the tests.
 */

/** A block of a README that stands by itself. */
export interface Example {
  /** From the root of the repository: `servers/smtp/README.md`. */
  readonly file: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly code: string;
}

const root = fileURLToPath(new URL("../", import.meta.url));

/** All examples of all READMEs, in order. */
export async function findExamples(): Promise<Example[]> {
  const pattern = ["README.md", "{wire,servers,clients,scripts,test}/**/README.md"];
  const files = (await Array.fromAsync(glob(pattern, { cwd: root }))).sort();
  const found = await Promise.all(
    files.map(async (file) => examplesOf(file, await readFile(root + file, "utf8"))),
  );
  return found.flat();
}

/** The examples of one text. */
export function examplesOf(file: string, text: string): Example[] {
  return [...text.matchAll(/^```ts\n(?<code>import [^]*?)^```$/gm)].map(({ index, groups }) => ({
    file,
    line: text.slice(0, index).split("\n").length,
    code: groups?.["code"] ?? "",
  }));
}

/** An example as a module that declares at least one test. */
export function moduleOf({ code }: Example): string {
  if (/^test[.(]/m.test(code)) return code;
  const imports = /^(?:import [^]*?["'];?\n)+/.exec(code)?.[0] ?? "";
  const body = code.slice(imports.length);
  return `import { test as runExample } from "vitest";\n${imports}\nrunExample("runs", async () => {\n${body}});\n`;
}

/** The name under which vitest imports an example: in the folder of its README, so that relative imports work. */
export function nameOf({ file, line }: Example): string {
  return `${root}${file}.${line}.ts`;
}

/** Lets vitest import the examples by their names, without files of their own. */
export function examplesPlugin(): {
  name: string;
  resolveId(id: string): string | undefined;
  load(id: string): Promise<string | undefined>;
} {
  const isExample = (id: string): boolean => /README\.md\.\d+\.ts$/.test(id);
  return {
    name: "portside:examples",
    resolveId: (id) => (isExample(id) ? id : undefined),
    load: async (id) => {
      if (!isExample(id)) return undefined;
      const example = (await findExamples()).find((example) => nameOf(example) === id);
      return example && moduleOf(example);
    },
  };
}
