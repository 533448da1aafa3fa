import { expect, test } from "vitest";
import { memoryFiles } from "../../../servers/ftp/file-systems/memory.ts";
import { fileSystemContract, listOf, put, refuses, textOf } from "../../contracts/file-system.ts";

fileSystemContract("memoryFiles()", () => ({
  files: memoryFiles(),
  isAtomic: false,
  [Symbol.asyncDispose]: async () => undefined,
}));

test("memoryFiles() refuses with EDQUOT what is over the quota, and takes back what is removed", async () => {
  const files = memoryFiles({ quotaBytes: 10 });
  await put(files, "/a", "123456");
  await refuses(() => put(files, "/b", "12345"), "EDQUOT");
  await put(files, "/b", "1234");
  expect(await files.freeBytes?.()).toBe(0);
  await files.remove("/a", "file");
  expect(await files.freeBytes?.()).toBe(6);
  await put(files, "/b", "123456");
  expect(await files.freeBytes?.()).toBe(4);
  await put(files, "/b", "x", { start: 9 });
  expect(await files.freeBytes?.()).toBe(0);
});

test("memoryFiles() gives back the quota of an upload that broke off or was removed meanwhile", async () => {
  const files = memoryFiles({ quotaBytes: 10 });
  await put(files, "/kept", "123");
  const replacing = await files.write("/kept");
  await replacing.write(Buffer.from("1234567"));
  await replacing.abort();
  expect(await files.freeBytes?.()).toBe(7);
  const writer = await files.write("/new");
  await writer.write(Buffer.from("12"));
  await files.remove("/new", "file");
  await writer.write(Buffer.from("34"));
  await writer.finish();
  expect(await files.freeBytes?.()).toBe(7);
});

test("memoryFiles() lists 100,000 files in order and fast, and a hole of 5 GiB takes no memory", async () => {
  const files = memoryFiles();
  const before = process.memoryUsage().arrayBuffers;
  await put(files, "/sparse", "x", { start: 5 * 1024 ** 3 });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  await files.remove("/sparse", "file");
  for (let index = 0; index < 100_000; index += 1) {
    const writer = await files.write(`/${String((index * 7919) % 100_000).padStart(6, "0")}`);
    await writer.finish();
  }
  await listOf(files, "/");
  const startMs = performance.now();
  const entries = await listOf(files, "/");
  expect(performance.now() - startMs).toBeLessThan(1500);
  expect(entries).toHaveLength(100_000);
  expect(entries[1234]?.name).toBe("001234");
});

test("memoryFiles() takes its clock as an option", async () => {
  const files = memoryFiles({ now: () => 1_000 });
  await put(files, "/a", "x");
  expect(await files.stat("/a")).toMatchObject({ modifiedMs: 1_000 });
  expect(await textOf(files, "/a")).toBe("x");
});
