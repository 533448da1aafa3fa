import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/*
 * Who may import whom. A folder belongs to the row with the longest name that it begins with, and may import itself
 * and what its row names. A row may name only rows above it, so a cycle cannot be written down. A new arrow is a
 * change of this table, argued in its commit.
 */
const wire = ["wire", "wire/exchange"];
const protocols = ["web", "smtp", "ftp", "proxy", "store", "dns", "exchange"];
const servers = [
  ...protocols.map((name) => `servers/${name}`),
  "servers/pages",
  "servers/dashboard",
  "servers/websocket",
];
const dialled = ["smtp", "ftp", "web", "proxy", "store", "dns", "websocket", "exchange", "socket"];
const clients = dialled.map((name) => `clients/${name}`);
const library = [...wire, ...servers, ...clients];

const table: readonly (readonly [folder: string, mayImport: readonly string[]])[] = [
  ["wire", []],
  ["wire/exchange", ["wire"]],
  ...protocols.map((name) => [`servers/${name}`, wire] as const),
  ["servers/pages", []],
  ["servers/dashboard", ["wire", "servers/pages", "servers/smtp", "servers/ftp"]],
  ["servers/websocket", [...wire, "servers/pages", "servers/store"]],
  ...clients.map((folder) => [folder, wire] as const),
  ["index.ts", library],
  ["test/vitest", [...library, "index.ts"]],
  ["scripts", library],
  ["scripts/bench", [...library, "scripts"]],
  ["test", [...library, "index.ts", "test/vitest", "scripts", "scripts/bench"]],
];

const rows = new Map(table);
const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
};

/** What is in the published package: everything but the tests, the benches and the tools of the repository. */
const isShipped = (file: string): boolean =>
  !/^(scripts\/(bench\/|build\.ts|check-package\.ts)|test\/(?!vitest\/))|\.test\.ts$/.test(file);
const isLibrary = (file: string): boolean => isShipped(file) && !file.startsWith("scripts/");

interface Import {
  readonly from: string;
  readonly isType: boolean;
  /** Whether it is loaded only when the code comes by. */
  readonly isLazy: boolean;
}

/** Every import, re-export and `import()` of a source; what comments and text at depth say is left out. */
function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  const whole = /^(?:import|export)\s+(?<type>type\s)?(?:[^"';]*?\sfrom\s*)?["'](?<from>[^"']+)["']/gm;
  const lazy = /\bimport\(\s*["'](?<from>[^"']+)["']\s*,?\s*\)(?<type>\.\w)?/g;
  const found = (pattern: RegExp, isLazy: boolean): Import[] =>
    [...code.matchAll(pattern)].map(({ groups }) => ({
      from: groups?.["from"] ?? "",
      isType: groups?.["type"] !== undefined,
      isLazy,
    }));
  return [...found(whole, false), ...found(lazy, true)];
}

function withoutComments(source: string): string {
  return source.replaceAll(/^\s*\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*$/gm, "");
}

function rowOf(file: string): string | undefined {
  // A test stands outside, also when it lies inside.
  if (file.endsWith(".test.ts")) return "test";
  return table
    .map(([folder]) => folder)
    .filter((folder) => file === folder || file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The file of the repository that an import means; none for a package or for Node itself. */
function target(file: string, from: string): string | undefined {
  if (from.startsWith(".")) return normalize(join(dirname(file), from));
  if (from === "portside") return "index.ts";
  if (from === "portside/vitest") return "test/vitest/index.ts";
  if (from.startsWith("portside/")) return `${from.slice("portside/".length)}/index.ts`;
  return undefined;
}

/** What a file does that it may not, as sentences. */
function offences(file: string, source: string): string[] {
  const row = rowOf(file);
  if (row === undefined) return [`${file} belongs to no row of the table`];
  const said: string[] = [];
  for (const { from, isType, isLazy } of importsOf(source)) {
    const other = target(file, from);
    if (other === undefined) {
      if (!from.startsWith("node:") && !isType) said.push(...packageOffences(file, from, isLazy));
      continue;
    }
    const otherRow = rowOf(other);
    if (otherRow !== row && !rows.get(row)?.includes(otherRow ?? "")) {
      said.push(`${file} imports ${other}, but ${row} may not import ${otherRow ?? "that"}`);
    }
    if (otherRow === row && row !== "test" && other === `${row}/index.ts`) {
      said.push(`${file} imports the index.ts of its own folder`);
    }
  }
  if (isLibrary(file)) {
    const code = withoutComments(source);
    for (const [word] of code.matchAll(/\bconsole\.\w+|\bprocess\.(?:exit\b|exitCode\b|on\(|once\()/g)) {
      said.push(`${file} says ${word}, which is for scripts/`);
    }
  }
  return said;
}

function packageOffences(file: string, from: string, isLazy: boolean): string[] {
  if (!isShipped(file)) return [];
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;
  if (name in manifest.dependencies) return [];
  if (!(name in manifest.peerDependencies)) return [`${file} imports ${name}, which no user has`];
  const isOptional = manifest.peerDependenciesMeta[name]?.optional ?? false;
  if (!isOptional || isLazy || file.startsWith("test/vitest/")) return [];
  return [`${file} imports the optional ${name} at once, not when it is asked for`];
}

const files = (
  await Array.fromAsync(glob(["index.ts", "{wire,servers,clients,scripts,test}/**/*.ts"], { cwd: root }))
)
  // Pages are for browsers. This file holds bad examples.
  .filter((file) => !file.includes("/page/") && file !== "test/layers.test.ts");

test("a row names only rows above it", () => {
  const above = new Set<string>();
  for (const [folder, mayImport] of table) {
    for (const other of mayImport) expect(above, `${folder} → ${other}`).toContain(other);
    above.add(folder);
  }
});

describe("no arrow that the table does not allow", () => {
  test.each(files)("%s", (file) => {
    expect(offences(file, readFileSync(root + file, "utf8"))).toEqual([]);
  });
});

describe("the scanner", () => {
  test("sees every kind of import", () => {
    const source = [
      'import { one } from "./one.ts";',
      'import type {\n  Two,\n} from "../two.ts";',
      'import "three";',
      'export * from "./four.ts";',
      'const five = await import("five");',
      'type Six = import("./six.ts").Six;',
      '// import { not } from "not";',
      '/**\n * import { not } from "not";\n */',
      'const url = "smtp://import.test"; // import("not")',
    ].join("\n");
    expect(importsOf(source).map(({ from }) => from)).toEqual([
      "./one.ts",
      "../two.ts",
      "three",
      "./four.ts",
      "five",
      "./six.ts",
    ]);
    expect(importsOf(source).filter(({ isType }) => isType)).toHaveLength(2);
  });

  test.each([
    ["wire/a.ts", 'import { b } from "../servers/smtp/b.ts";', /wire may not import servers\/smtp/],
    ["wire/a.ts", 'import { b } from "./exchange/b.ts";', /wire may not import wire\/exchange/],
    ["servers/ftp/a.ts", 'import { b } from "portside";', /servers\/ftp may not import index.ts/],
    [
      "servers/ftp/a.ts",
      'import { b } from "../smtp/index.ts";',
      /servers\/ftp may not import servers\/smtp/,
    ],
    ["servers/ftp/commands/a.ts", 'import { b } from "../index.ts";', /index.ts of its own folder/],
    ["clients/smtp/a.ts", 'const b = await import("../../servers/smtp/b.ts");', /may not import servers/],
    ["servers/ftp/a.ts", 'console.log("hello");', /says console.log/],
    ["servers/ftp/a.ts", 'process.on("SIGINT", () => {});', /says process.on/],
    ["servers/ftp/a.ts", 'import { b } from "fast-check";', /fast-check, which no user has/],
    ["servers/smtp/a.ts", 'import { SMTPServer } from "smtp-server";', /optional smtp-server at once/],
    ["elsewhere/a.ts", "", /no row/],
  ])("finds what %s may not: %s", (file, source, complaint) => {
    expect(offences(file, source).join()).toMatch(complaint);
  });

  test("lets pass what is allowed", () => {
    const source =
      'import { b } from "../../wire/b.ts";\nconst { SMTPServer } = await import("smtp-server");';
    expect(offences("servers/smtp/a.ts", source)).toEqual([]);
  });
});
