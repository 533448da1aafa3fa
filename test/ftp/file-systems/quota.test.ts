import { symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diskFiles } from "../../../servers/ftp/file-systems/disk.ts";
import { memoryFiles } from "../../../servers/ftp/file-systems/memory.ts";
import { quotaFiles } from "../../../servers/ftp/file-systems/quota.ts";
import type { FileSystem } from "../../../servers/ftp/file-system.ts";
import { startFtp } from "../../../servers/ftp/index.ts";
import { fileSystemContract, put, refuses } from "../../contracts/file-system.ts";
import { quotaContract } from "../../contracts/quota.ts";
import { type Scratch, scratch } from "../../peers/tools.ts";
import { dialogue } from "../dialogue.ts";

interface Opened extends AsyncDisposable {
  readonly folder: Scratch;
  readonly files: FileSystem;
  readonly isAtomic: boolean;
}

function opened(quotaBytes: number): Opened {
  const folder = scratch();
  const files = quotaFiles(diskFiles(folder.path), quotaBytes);
  const dispose = async (): Promise<void> => {
    await files.close?.();
    folder[Symbol.dispose]();
  };
  return { folder, files, isAtomic: false, [Symbol.asyncDispose]: dispose };
}

fileSystemContract("quotaFiles(diskFiles())", () => opened(1e12));
quotaContract("quotaFiles(diskFiles())", () => opened(10));
quotaContract("quotaFiles(memoryFiles())", () => ({
  files: quotaFiles(memoryFiles(), 10),
  [Symbol.asyncDispose]: async () => undefined,
}));

test("quotaFiles() counts what was there before, and looks again before it refuses", async () => {
  await using disk = opened(10);
  writeFileSync(join(disk.folder.path, "before"), "12345678");
  // A link to a folder above, and a second name of a file: each counts once.
  symlinkSync(".", join(disk.folder.path, "loop"));
  symlinkSync("before", join(disk.folder.path, "again"));
  expect(await disk.files.freeBytes?.()).toBe(2);
  await refuses(() => put(disk.files, "/new", "123"), "EDQUOT");
  unlinkSync(join(disk.folder.path, "before"));
  await put(disk.files, "/new", "1234567890");
  expect(await disk.files.freeBytes?.()).toBe(0);
});

test("startFtp({ root, quotaBytes }) answers 552, says why in the event, and tells AVBL and ALLO the rest", async () => {
  using folder = scratch();
  await using ftp = await startFtp({ root: folder.path, quotaBytes: 1_000, atomicUploads: true });
  await using client = await (await dialogue(ftp)).login();
  expect(await client.store("STOR big", Buffer.alloc(5_000))).toMatch(/^552 /);
  expect(ftp.log().at(-1)).toMatchObject({ state: "aborted", reason: "Exceeded storage allocation." });
  expect(await ftp.files.tree()).toEqual([]);
  expect(await client.store("STOR small", Buffer.alloc(600))).toMatch(/^226 /);
  expect(await client.say("AVBL")).toBe("213 400");
  expect(await client.say("ALLO 401")).toMatch(/^552 /);
  expect(await client.store("APPE small", Buffer.alloc(401))).toMatch(/^552 /);
});
