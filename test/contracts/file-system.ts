/** What every file system of the file server does; run by each of them, and by yours. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { FileError } from "../../servers/ftp/file-system.ts";
import type { FileEntry, FileReader, FileSystem, FileWriter } from "../../servers/ftp/file-system.ts";

export interface FileSystemCase {
  readonly files: FileSystem;
  /** Uploads that broke off leave nothing, not even of a new file. */
  readonly isAtomic: boolean;
}

/** Run the contract; `open` gives an empty file system each time. */
export function fileSystemContract(name: string, open: () => FileSystemCase & AsyncDisposable): void {
  describe(`${name} keeps the contract of a file system`, () => {
    const check = (title: string, body: (files: FileSystem, isAtomic: boolean) => Promise<void>): void => {
      test(title, async () => {
        await using opened = open();
        await body(opened.files, opened.isAtomic);
      });
    };

    check("an empty root lists nothing", async (files) => {
      expect(await listOf(files, "/")).toEqual([]);
      expect(await files.stat("/")).toMatchObject({ type: "folder", size: 0 });
    });

    check("what was written is read, stated and listed", async (files) => {
      await put(files, "/hello.txt", "hello");
      expect(await textOf(files, "/hello.txt")).toBe("hello");
      const entry = await files.stat("/hello.txt");
      expect(entry).toMatchObject({ name: "hello.txt", type: "file", size: 5 });
      expect(Math.abs(entry.modifiedMs - Date.now())).toBeLessThan(60_000);
      expect(await listOf(files, "/")).toEqual([entry]);
    });

    check("an empty file is a file", async (files) => {
      await put(files, "/empty", "");
      expect(await files.stat("/empty")).toMatchObject({ type: "file", size: 0 });
      expect(await textOf(files, "/empty")).toBe("");
    });

    check("bytes in chunks of every size come back as they went in", async (files) => {
      const bytes = Buffer.alloc(5_000_003);
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 31 + (index >> 8)) & 255;
      const writer = await files.write("/large");
      let position = 0;
      for (const size of [1, 2, 511, 512, 65_536, 65_536, 1_048_575, 2, 2_097_153, bytes.length]) {
        await writer.write(bytes.subarray(position, position + size));
        position = Math.min(position + size, bytes.length);
      }
      await writer.finish();
      expect((await files.stat("/large")).size).toBe(bytes.length);
      expect(digest(await bytesOf(await files.read("/large")))).toBe(digest(bytes));
    });

    check("a range gives that range, and nothing behind the end", async (files) => {
      await put(files, "/digits", "0123456789");
      expect(await textOf(files, "/digits", { start: 3 })).toBe("3456789");
      expect(await textOf(files, "/digits", { start: 3, end: 6 })).toBe("345");
      expect(await textOf(files, "/digits", { end: 100 })).toBe("0123456789");
      expect(await textOf(files, "/digits", { start: 10 })).toBe("");
      expect(await textOf(files, "/digits", { start: 5_000_000_000 })).toBe("");
    });

    check("writing again replaces the file, also with a shorter one", async (files) => {
      await put(files, "/file", "a long first content");
      await put(files, "/file", "short");
      expect(await textOf(files, "/file")).toBe("short");
      expect(await namesIn(files, "/")).toEqual(["file"]);
    });

    check("a start patches in place and keeps the rest", async (files) => {
      await put(files, "/file", "0123456789");
      await put(files, "/file", "abc", { start: 4 });
      expect(await textOf(files, "/file")).toBe("0123abc789");
      await put(files, "/file", "xyz", { start: 9 });
      expect(await textOf(files, "/file")).toBe("0123abc78xyz");
    });

    check("a start behind the end leaves a hole of zeros; offsets are 64 bits wide", async (files) => {
      const start = 5 * 1024 ** 3;
      await put(files, "/sparse", "end", { start });
      expect((await files.stat("/sparse")).size).toBe(start + 3);
      expect(await textOf(files, "/sparse", { start })).toBe("end");
      expect(await textOf(files, "/sparse", { start: start - 2, end: start + 1 })).toBe("\0\0e");
      expect(await textOf(files, "/sparse", { start: 77, end: 80 })).toBe("\0\0\0");
    });

    check("appending adds at the end, and makes the file", async (files) => {
      for (const text of ["one,", "two"]) {
        const writer = await files.append("/log");
        await writer.write(Buffer.from(text));
        await writer.finish();
      }
      expect(await textOf(files, "/log")).toBe("one,two");
    });

    check("an upload that breaks off leaves an existing file as it was", async (files) => {
      await put(files, "/file", "precious");
      for (const part of ["", "half", "x".repeat(3_000_000)]) {
        const writer = await files.write("/file");
        if (part !== "") await writer.write(Buffer.from(part));
        await writer.abort();
        expect(await textOf(files, "/file")).toBe("precious");
      }
      expect(await namesIn(files, "/")).toEqual(["file"]);
    });

    check("an upload that breaks off before its first byte leaves nothing", async (files) => {
      const writer = await files.write("/new");
      await writer.abort();
      expect(await listOf(files, "/")).toEqual([]);
    });

    check(
      "of a new file that breaks off, what came stays for a resume, or nothing",
      async (files, isAtomic) => {
        const writer = await files.write("/new");
        await writer.write(Buffer.from("half"));
        await writer.abort();
        if (isAtomic) expect(await listOf(files, "/")).toEqual([]);
        else expect(await textOf(files, "/new")).toBe("half");
      },
    );

    check("readers of a file that is replaced keep the content they opened", async (files) => {
      const content = "old ".repeat(600_000);
      await put(files, "/file", content);
      const reader = await files.read("/file");
      await put(files, "/file", "new");
      expect((await bytesOf(reader)).toString()).toBe(content);
      expect(await textOf(files, "/file")).toBe("new");
    });

    check("isNew refuses a name that is taken", async (files) => {
      await put(files, "/file", "here", { isNew: true });
      await refuses(() => files.write("/file", { isNew: true }), "EEXIST");
      expect(await textOf(files, "/file")).toBe("here");
    });

    check("folders are made, listed in order, and removed when empty", async (files) => {
      await files.makeDirectory("/b");
      await files.makeDirectory("/a");
      await files.makeDirectory("/a/deep");
      await put(files, "/a/deep/c", "c");
      expect(await namesIn(files, "/")).toEqual(["a", "b"]);
      await refuses(() => files.makeDirectory("/a"), "EEXIST");
      await refuses(() => files.makeDirectory("/missing/x"), "ENOENT");
      await refuses(() => files.remove("/a", "folder"), "ENOTEMPTY");
      await files.remove("/a/deep/c", "file");
      await files.remove("/a/deep", "folder");
      await files.remove("/a", "folder");
      expect(await namesIn(files, "/")).toEqual(["b"]);
    });

    check("a file is not a folder and a folder not a file", async (files) => {
      await files.makeDirectory("/folder");
      await put(files, "/file", "x");
      await refuses(() => files.read("/folder"), "EISDIR");
      await refuses(() => files.write("/folder"), "EISDIR");
      await refuses(() => files.append("/folder"), "EISDIR");
      await refuses(() => files.remove("/folder", "file"), "EISDIR");
      await refuses(() => files.remove("/file", "folder"), "ENOTDIR");
      await refuses(() => listOf(files, "/file"), "ENOTDIR");
      await refuses(() => files.makeDirectory("/file/x"), "ENOTDIR");
    });

    check("what is missing is ENOENT", async (files) => {
      await refuses(() => files.read("/missing"), "ENOENT");
      await refuses(() => files.stat("/missing"), "ENOENT");
      await refuses(() => listOf(files, "/missing"), "ENOENT");
      await refuses(() => files.remove("/missing", "file"), "ENOENT");
      await refuses(() => files.remove("/missing", "folder"), "ENOENT");
      await refuses(() => files.rename("/missing", "/x"), "ENOENT");
      await refuses(() => files.setModified("/missing", 0), "ENOENT");
      await refuses(() => files.write("/missing/x"), "ENOENT");
      await refuses(() => files.append("/missing/x"), "ENOENT");
    });

    check("the root stays", async (files) => {
      await refuses(() => files.remove("/", "folder"), "EACCES");
      await refuses(() => files.makeDirectory("/"), "EEXIST");
      await refuses(() => files.rename("/", "/x"), "EINVAL");
    });

    check("rename moves across folders and over a file, not over a folder or into itself", async (files) => {
      await files.makeDirectory("/from");
      await files.makeDirectory("/to");
      await put(files, "/from/file", "content");
      await put(files, "/to/old", "old");
      await files.rename("/from/file", "/to/old");
      expect(await textOf(files, "/to/old")).toBe("content");
      expect(await namesIn(files, "/from")).toEqual([]);
      await files.rename("/from", "/to/from");
      expect(await namesIn(files, "/to")).toEqual(["from", "old"]);
      await files.rename("/to/old", "/to/old");
      expect(await textOf(files, "/to/old")).toBe("content");
      await refuses(() => files.rename("/to", "/to/from/to"), "EINVAL");
      await refuses(() => files.rename("/to/old", "/to/from"), "EEXIST");
      await refuses(() => files.rename("/to/from", "/to/old"), "EEXIST");
      await refuses(() => files.rename("/to/old", "/missing/old"), "ENOENT");
    });

    check("times are set to the second and told in UTC", async (files) => {
      await put(files, "/file", "x");
      await files.makeDirectory("/folder");
      const then = Date.UTC(1999, 11, 31, 23, 59, 58);
      for (const path of ["/file", "/folder"]) {
        await files.setModified(path, then);
        expect((await files.stat(path)).modifiedMs).toBe(then);
      }
    });

    check("two files differ in `unique`, a renamed one keeps it", async (files) => {
      await put(files, "/one", "1");
      await put(files, "/two", "2");
      const { unique } = await files.stat("/one");
      expect((await files.stat("/two")).unique).not.toBe(unique);
      await files.rename("/one", "/three");
      expect((await files.stat("/three")).unique).toBe(unique);
    });

    check("names of any characters are kept as they are", async (files) => {
      const names = [
        " both ends ",
        "-dash",
        "a\\b",
        "a*b?[c]{d}",
        "100%",
        "#1",
        `"quoted"`,
        "grüße €",
        "日本",
        "~",
        "\t",
      ];
      for (const name of names) await put(files, `/${name}`, name);
      expect(await namesIn(files, "/")).toEqual(names.toSorted());
      for (const name of names) expect(await textOf(files, `/${name}`)).toBe(name);
    });

    check("permission bits are kept where they can be set", async (files) => {
      await put(files, "/file", "x");
      if (!files.setMode) return;
      await files.setMode("/file", 0o600);
      expect((await files.stat("/file")).mode).toBe(0o600);
      await put(files, "/file", "replaced");
      expect((await files.stat("/file")).mode).toBe(0o600);
    });
  });
}

/** Write a file whole. */
export async function put(
  files: FileSystem,
  path: string,
  content: string,
  options?: Parameters<FileSystem["write"]>[1],
): Promise<void> {
  const writer: FileWriter = await files.write(path, options);
  if (content !== "") await writer.write(Buffer.from(content));
  await writer.finish();
}

/** Everything a reader gives, copied as it comes. */
export async function bytesOf(reader: FileReader): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for (;;) {
      const bytes = await reader.next();
      if (bytes === undefined) return Buffer.concat(parts);
      parts.push(Buffer.from(bytes));
    }
  } finally {
    await reader.close();
  }
}

export async function textOf(
  files: FileSystem,
  path: string,
  range?: Parameters<FileSystem["read"]>[1],
): Promise<string> {
  return (await bytesOf(await files.read(path, range))).toString();
}

export async function listOf(files: FileSystem, path: string): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for await (const entry of await files.list(path)) entries.push(entry);
  return entries;
}

async function namesIn(files: FileSystem, path: string): Promise<string[]> {
  return (await listOf(files, path)).map((entry) => entry.name);
}

/** Expect a refusal with this code that names no path of the host. */
export async function refuses(action: () => unknown, code: string): Promise<void> {
  const error: unknown = await (async () => action())().then(
    (value) => value,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ code });
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
