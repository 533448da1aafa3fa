import { expect, test } from "vitest";
import { memoryFiles } from "../../../servers/ftp/file-systems/memory.ts";
import { fileSystemContract, listOf, put, textOf } from "../../contracts/file-system.ts";
import { quotaContract } from "../../contracts/quota.ts";

fileSystemContract("memoryFiles()", () => ({
  files: memoryFiles(),
  isAtomic: false,
  [Symbol.asyncDispose]: async () => undefined,
}));

quotaContract("memoryFiles({ quotaBytes })", () => ({
  files: memoryFiles({ quotaBytes: 10 }),
  [Symbol.asyncDispose]: async () => undefined,
}));

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
