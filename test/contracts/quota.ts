/** What every file system with a quota does. */
import { expect, test } from "vitest";
import type { FileSystem } from "../../servers/ftp/file-system.ts";
import { put, refuses } from "./file-system.ts";

/** Run the contract; `open` gives an empty file system with room for ten bytes each time. */
export function quotaContract(
  name: string,
  open: () => { readonly files: FileSystem } & AsyncDisposable,
): void {
  test(`${name} refuses with EDQUOT what is over the quota, and takes back what is removed`, async () => {
    await using opened = open();
    const { files } = opened;
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

  test(`${name} gives back the quota of an upload that broke off or was removed meanwhile`, async () => {
    await using opened = open();
    const { files } = opened;
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

  test(`${name} counts what is appended, renamed, and written at the same time`, async () => {
    await using opened = open();
    const { files } = opened;
    await files.makeDirectory("/in");
    await put(files, "/in/a", "1234");
    const more = await files.append("/in/a");
    await more.write(Buffer.from("56"));
    await refuses(() => put(files, "/other", "12345"), "EDQUOT");
    await more.finish();
    await files.rename("/in", "/out");
    expect(await files.freeBytes?.()).toBe(4);
    await files.remove("/out/a", "file");
    expect(await files.freeBytes?.()).toBe(10);
    const writers = [await files.write("/one"), await files.write("/two")] as const;
    await writers[0].write(Buffer.from("123456"));
    await refuses(async () => writers[1].write(Buffer.from("12345")), "EDQUOT");
    await writers[1].abort();
    await writers[0].finish();
    expect(await files.freeBytes?.()).toBe(4);
  });
}
