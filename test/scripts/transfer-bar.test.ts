import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  FileError,
  type FileReader,
  type FileSystem,
  type FileWriter,
  memoryFiles,
  startFtp,
} from "../../servers/ftp/index.ts";
import { needs, pathOf, scratch } from "../peers/tools.ts";

/** More than the buffers of a connection hold, so that a transfer that halts early is seen to be under way. */
const largeBytes = 40_000_000;
const haltBytes = 4_000_000;

interface Terminal extends AsyncDisposable {
  /** All that was drawn. */
  readonly screen: string;
  /** Resolved when the screen shows this. */
  shows(what: RegExp): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Run a command of ours in a terminal, as a person does. */
function inTerminal(name: string, args: readonly string[], columns = 100): Terminal {
  const file = fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url));
  const words = [process.execPath, file, ...args].map((word) => `'${word}'`).join(" ");
  const line = `stty cols ${columns}; ${words}`;
  const child = spawn(pathOf("script") ?? "script", ["-qec", line, "/dev/null"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    get screen() {
      return screen;
    },
    shows: async (what) => {
      while (!what.test(screen)) {
        const over = ended.then(() => {
          throw new Error(`it ended before: ${JSON.stringify(screen)}`);
        });
        await Promise.race([once(child.stdout, "data"), over]);
      }
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** What was drawn on the line of the bar, one after the other. */
const bars = (screen: string): string[] =>
  screen.split("\r\u001B[K").flatMap((part) => /^\[[^\r]*/.exec(part) ?? []);

/** Files in memory; in the middle of a large one, both ways, they wait for `goOn`, or break when it does. */
async function haltingFiles(goOn: Promise<void>): Promise<FileSystem> {
  const files = memoryFiles();
  const large = await files.write("/large.bin");
  await large.write(new Uint8Array(largeBytes));
  await large.finish();
  return {
    list: (path) => files.list(path),
    stat: (path) => files.stat(path),
    read: async (path, range) => halting(await files.read(path, range), goOn),
    write: async (path, options) => haltingWriter(await files.write(path, options), goOn),
    append: (path) => files.append(path),
    rename: (from, to) => files.rename(from, to),
    remove: (path, type) => files.remove(path, type),
    makeDirectory: (path) => files.makeDirectory(path),
    setModified: (path, modifiedMs) => files.setModified(path, modifiedMs),
  };
}

function halting(reader: FileReader, goOn: Promise<void>): FileReader {
  let given = 0;
  return {
    size: reader.size,
    next: async () => {
      if (given >= haltBytes) await goOn;
      const part = await reader.next();
      given += part?.length ?? 0;
      return part;
    },
    close: () => reader.close(),
  };
}

function haltingWriter(writer: FileWriter, goOn: Promise<void>): FileWriter {
  let taken = 0;
  return {
    write: async (bytes) => {
      taken += bytes.length;
      if (taken >= haltBytes) await goOn;
      await writer.write(bytes);
    },
    finish: () => writer.finish(),
    abort: () => writer.abort(),
  };
}

describe.each(["upload", "download"] as const)(
  "npm run %s in a terminal",
  needs("script", "stty"),
  (name) => {
    const transferOf = (folder: ReturnType<typeof scratch>, url: string): string[] =>
      name === "upload"
        ? [folder.file("large.bin", new Uint8Array(largeBytes)), "--server", url, "--to", "in"]
        : ["large.bin", "--server", url, "--to", folder.path];

    test("draws a bar with amount, rate and time left, and leaves its line at the end", async () => {
      const { promise: goOn, resolve } = Promise.withResolvers<void>();
      await using ftp = await startFtp({ files: await haltingFiles(goOn) });
      using folder = scratch();
      await using terminal = inTerminal(name, transferOf(folder, ftp.url));
      await terminal.shows(/\[#+-+\] {2}[\d.]+ \w+ of 40\.0 MB {2}[\d.]+ \w+\/s {2}\d+:\d\d left {2}\S+/);
      resolve();
      expect(await terminal.ended).toBe(0);
      const drawn = bars(terminal.screen);
      for (const bar of drawn) expect(bar.length).toBeLessThan(100);
      const filled = drawn.map((bar) => bar.lastIndexOf("#"));
      expect(filled).toEqual(filled.toSorted((a, b) => a - b));
      expect(drawn.at(-1)).toMatch(/^\[#{24}\] {2}40\.0 MB of 40\.0 MB {2}[\d.]+ \w+\/s {2}0:00 left/);
      expect(terminal.screen).toMatch(
        /0:00 left {2}\S+\r\n\S+large\.bin (?:sent|fetched), 40\.0 MB in [^\n]*\r\n$/,
      );
    });

    test("what went wrong gets a line of its own below the bar", async () => {
      const { promise: goOn, reject } = Promise.withResolvers<void>();
      goOn.catch(() => {});
      await using ftp = await startFtp({ files: await haltingFiles(goOn) });
      using folder = scratch();
      await using terminal = inTerminal(name, transferOf(folder, ftp.url));
      await terminal.shows(/\[#+-+\]/);
      reject(new FileError("EIO", "/large.bin"));
      expect(await terminal.ended).toBe(1);
      // The bar's last words are cut where the terminal ends.
      expect(terminal.screen).toMatch(new RegExp(`/s [^\\r]+\\r\\nportside ${name}: ftp:[^\\n]*\\n$`));
    });

    test("draws nothing with --quiet, and fits a narrow terminal", async () => {
      await using ftp = await startFtp({ files: await haltingFiles(Promise.resolve()) });
      using folder = scratch();
      await using quiet = inTerminal(name, [...transferOf(folder, ftp.url), "--quiet"]);
      expect(await quiet.ended).toBe(0);
      expect(quiet.screen).toBe("");
      await using narrow = inTerminal(name, transferOf(folder, ftp.url), 30);
      expect(await narrow.ended).toBe(0);
      expect(bars(narrow.screen).map((bar) => bar.length)).not.toContainEqual(
        expect.toSatisfy((n: number) => n >= 30),
      );
      expect(bars(narrow.screen).length).toBeGreaterThan(0);
    });
  },
);
