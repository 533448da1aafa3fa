import { readFile } from "node:fs/promises";
import { dirname, extname, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** How much there is to write for a client and a server of the echo. */
export interface Complexity {
  readonly title: string;
  /** On Node alone. */
  readonly bare: Written;
  /** With this library; nothing where it has nothing for it. */
  readonly portside: Written | undefined;
}

export interface Written {
  /** Lines that are neither empty nor comment. */
  readonly lines: number;
  /** The files, the first one first; what it imports from beside it counts too. */
  readonly files: readonly string[];
}

const rows = [
  { title: "TCP", file: "tcp" },
  { title: "TLS", file: "tls" },
  { title: "HTTP", file: "http" },
  { title: "WebSocket", file: "websocket" },
  { title: "UDP", file: "udp" },
] as const;

const folder = new URL("./echo/", import.meta.url);

/** Count the lines of the echoes that were measured. */
export async function complexities(): Promise<Complexity[]> {
  return await Promise.all(
    rows.map(async ({ title, file }) => ({
      title,
      bare: await written(new URL(`bare/${file}${extname(import.meta.url)}`, folder)),
      portside: await written(new URL(`portside/${file}${extname(import.meta.url)}`, folder)).catch(
        () => undefined,
      ),
    })),
  );
}

/** A file, and those beside it that it imports. */
async function written(url: URL, seen = new Set<string>()): Promise<Written> {
  const source = await readFile(url, "utf8");
  const path = fileURLToPath(url);
  seen.add(path);
  let lines = linesOf(source);
  const files = [relative(fileURLToPath(new URL("../../", import.meta.url)), path)];
  for (const [, beside = ""] of source.matchAll(/^import[^;]*from "(\.\/[^"]+)";$/gm)) {
    const next = new URL(beside, url);
    if (seen.has(fileURLToPath(next)) || dirname(fileURLToPath(next)) !== dirname(path)) continue;
    const more = await written(next, seen);
    lines += more.lines;
    files.push(...more.files);
  }
  return { lines, files };
}

/** Lines of code: without empty lines and comments. */
export function linesOf(source: string): number {
  return source
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/.*)?$/.test(line)).length;
}
