import { execFileSync, spawn } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diskFiles } from "../../../servers/ftp/file-systems/disk.ts";
import type { DiskOptions } from "../../../servers/ftp/file-systems/disk.ts";
import type { FileEntry, FileSystem } from "../../../servers/ftp/file-system.ts";
import { bytesOf, fileSystemContract, listOf, put, refuses, textOf } from "../../contracts/file-system.ts";

for (const isAtomic of [false, true]) {
  fileSystemContract(`diskFiles({ isAtomic: ${isAtomic} })`, () => ({
    ...openFolder({ isAtomic }),
    isAtomic,
  }));
}

interface Folder extends AsyncDisposable {
  /** The root of the file system; beside it lies `outside/secret.txt`. */
  readonly root: string;
  readonly outside: string;
  readonly files: FileSystem;
}

function openFolder(options?: DiskOptions): Folder {
  const base = mkdtempSync(join(tmpdir(), "portside-files-"));
  const root = join(base, "root");
  const outside = join(base, "outside");
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.txt"), "secret");
  const dispose = async (): Promise<void> => rmSync(base, { recursive: true, force: true });
  return { root, outside, files: diskFiles(root, options), [Symbol.asyncDispose]: dispose };
}

test("a file is read exactly whatever the size of its chunks, from any byte to any other, also when it becomes shorter", async () => {
  await using folder = openFolder();
  const chunk = 256 * 1024;
  const content = Buffer.alloc(8 * chunk);
  for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, at);
  for (const size of [1, 65_537, chunk, chunk + 1, 3 * chunk - 1, 4 * chunk, 4 * chunk + 1, 8 * chunk]) {
    writeFileSync(join(folder.root, "file"), content.subarray(0, size));
    for (const [start, end] of [
      [0, Infinity],
      [1, size],
      [size - 1, size],
      [size >> 1, size - 1],
    ] as const) {
      const bytes = await bytesOf(await folder.files.read("/file", { start, end }));
      expect(bytes.equals(content.subarray(start, Math.min(end, size))), `${size}: ${start}-${end}`).toBe(
        true,
      );
    }
  }
  const reader = await folder.files.read("/file", { end: 4 * chunk });
  expect((await reader.next())?.length).toBe(chunk);
  writeFileSync(join(folder.root, "file"), content.subarray(0, chunk + 5));
  expect((await bytesOf(reader)).equals(content.subarray(chunk, chunk + 5))).toBe(true);
});

describe("diskFiles() keeps clients inside", () => {
  test("links out of the root, at the end of a path or on its way, are refused for every use", async () => {
    await using folder = openFolder();
    symlinkSync(join(folder.outside, "secret.txt"), join(folder.root, "file"));
    symlinkSync(folder.outside, join(folder.root, "away"));
    symlinkSync("/", join(folder.root, "slash"));
    symlinkSync("../outside", join(folder.root, "relative"));
    const { files } = folder;
    for (const path of ["/file", "/away/secret.txt", "/relative/secret.txt", "/slash/etc/passwd"]) {
      await refuses(() => files.read(path), "EACCES");
      await refuses(() => files.stat(path), "EACCES");
      await refuses(() => files.write(path), "EACCES");
      await refuses(() => files.append(path), "EACCES");
      await refuses(() => files.setModified(path, 0), "EACCES");
      await refuses(() => files.setMode?.(path, 0o777), "EACCES");
    }
    for (const path of ["/away", "/relative", "/slash"]) {
      await refuses(() => listOf(files, path), "EACCES");
      await refuses(() => put(files, `${path}/new`, "x"), "EACCES");
      await refuses(() => files.makeDirectory(`${path}/new`), "EACCES");
      await refuses(() => files.remove(`${path}/secret.txt`, "file"), "EACCES");
      await refuses(() => files.rename(`${path}/secret.txt`, "/mine"), "EACCES");
      await put(files, "/own", "x");
      await refuses(() => files.rename("/own", `${path}/own`), "EACCES");
    }
    expect(readFileSync(join(folder.outside, "secret.txt"), "utf8")).toBe("secret");
    expect(readdirSync(folder.outside)).toEqual(["secret.txt"]);
    expect(
      (await listOf(files, "/")).filter((entry) => entry.type === "link").map((entry) => entry.name),
    ).toEqual(["away", "file", "relative", "slash"]);
  });

  test("a link to the outside can be removed and renamed, as itself", async () => {
    await using folder = openFolder();
    symlinkSync(join(folder.outside, "secret.txt"), join(folder.root, "file"));
    await folder.files.rename("/file", "/other");
    await folder.files.remove("/other", "file");
    expect(readdirSync(folder.root)).toEqual([]);
    expect(readFileSync(join(folder.outside, "secret.txt"), "utf8")).toBe("secret");
  });

  test("a link that stays inside is what it points to", async () => {
    await using folder = openFolder();
    await folder.files.makeDirectory("/real");
    await put(folder.files, "/real/file", "content");
    symlinkSync("real", join(folder.root, "folder"));
    symlinkSync("folder/file", join(folder.root, "link"));
    expect(await textOf(folder.files, "/link")).toBe("content");
    expect(await textOf(folder.files, "/folder/file")).toBe("content");
    await put(folder.files, "/link", "replaced");
    expect(await textOf(folder.files, "/real/file")).toBe("replaced");
    expect((await listOf(folder.files, "/")).map(({ name, type }) => `${type} ${name}`)).toEqual([
      "folder folder",
      "file link",
      "folder real",
    ]);
  });

  test("loops and dangling links are refused", async () => {
    await using folder = openFolder();
    symlinkSync("loop", join(folder.root, "loop"));
    symlinkSync(join(folder.outside, "new"), join(folder.root, "dangling"));
    await refuses(() => folder.files.read("/loop"), "EACCES");
    await refuses(() => put(folder.files, "/dangling", "x"), "ENOENT");
    expect(readdirSync(folder.outside)).toEqual(["secret.txt"]);
  });

  test("a hard link is refused, and served when asked for", async () => {
    await using folder = openFolder();
    linkSync(join(folder.outside, "secret.txt"), join(folder.root, "hard"));
    await refuses(() => folder.files.read("/hard"), "EACCES");
    await refuses(() => put(folder.files, "/hard", "x", { start: 0 }), "EACCES");
    await refuses(() => folder.files.append("/hard"), "EACCES");
    expect(await textOf(diskFiles(folder.root, { allowsHardLinks: true }), "/hard")).toBe("secret");
  });

  test("a FIFO and a device are refused and do not block", async () => {
    await using folder = openFolder();
    execFileSync("mkfifo", [join(folder.root, "fifo")]);
    symlinkSync("/dev/zero", join(folder.root, "zero"));
    for (const path of ["/fifo", "/zero"]) {
      await refuses(() => folder.files.read(path), "EACCES");
      await refuses(() => folder.files.write(path), "EACCES");
      await refuses(() => folder.files.append(path), "EACCES");
    }
    expect((await listOf(folder.files, "/")).map((entry) => entry.type)).toEqual(["other", "link"]);
  });

  test("a folder that is swapped for a link over and over never gives the outside away", async () => {
    await using folder = openFolder();
    mkdirSync(join(folder.root, "swap"));
    writeFileSync(join(folder.root, "swap", "secret.txt"), "all of this is public");
    symlinkSync("../outside", join(folder.root, "away"));
    // Another process swaps the folder and the link as fast as it can.
    const swap = `const { renameSync } = require("node:fs"); process.chdir(process.argv[1]);
      for (const end = Date.now() + 700; Date.now() < end; ) {
        renameSync("swap", "spare"); renameSync("away", "swap"); renameSync("swap", "away"); renameSync("spare", "swap");
      }`;
    const child = spawn(process.execPath, ["-e", swap, folder.root], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    let isOver = false;
    void ended.then(() => (isOver = true));
    const seen = new Set<string>();
    const sizes = new Set<number>();
    while (!isOver) {
      for (let turn = 0; turn < 50; turn += 1) {
        try {
          for (const { size } of folder.files.list("/swap") as Iterable<FileEntry>) sizes.add(size);
          seen.add(await textOf(folder.files, "/swap/secret.txt"));
        } catch (error) {
          seen.add(error instanceof Error && "code" in error ? String(error.code) : "?");
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen).not.toContain("secret");
    expect(seen).toContain("all of this is public");
    expect([...sizes]).toEqual(["all of this is public".length]);
    expect(seen).toContain("EACCES");
  });
});

describe("diskFiles({ isAtomic: true })", () => {
  test("shows nothing of an upload before its end, and hides what a killed process left", async () => {
    await using folder = openFolder({ isAtomic: true });
    const writer = await folder.files.write("/report");
    await writer.write(Buffer.alloc(3_000_000, "x"));
    expect(await listOf(folder.files, "/")).toEqual([]);
    const [temporary = ""] = readdirSync(folder.root);
    expect(temporary).not.toBe("");
    await refuses(() => folder.files.read(`/${temporary}`), "EACCES");
    await refuses(() => folder.files.write(`/${temporary}`), "EACCES");
    await writer.finish();
    expect(readdirSync(folder.root)).toEqual(["report"]);
  });
});

test("diskFiles() throws on a root that is missing or a file", async () => {
  await using folder = openFolder();
  await refuses(() => diskFiles(join(folder.root, "missing")), "ENOENT");
  await refuses(() => diskFiles(join(folder.outside, "secret.txt")), "ENOTDIR");
});
