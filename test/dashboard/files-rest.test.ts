import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { someFiles, startFilesFixture, type FilesFixture } from "./files-fixture.ts";
import { startFixture } from "./fixture.ts";

interface Shown {
  readonly Name: string;
  readonly Path: string;
  readonly Type: string;
  readonly Size: number;
}

async function listOf(kit: FilesFixture, path: string, query = ""): Promise<Shown[]> {
  const answer = await kit.about(query, path);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { Entries: Shown[] }).Entries;
}

const names = (entries: readonly Shown[]): string[] => entries.map(({ Name }) => Name);

describe("GET /api/v1/files", () => {
  test("lists a folder, folders first, numbers in names by their value", async () => {
    await using kit = await startFilesFixture({ files: someFiles });
    const root = await listOf(kit, "/");
    expect(root).toMatchObject([
      { Name: "in", Path: "/in", Type: "folder", ContentType: "" },
      { Name: "odd % #? \"'(*) ü.txt", Type: "file", Size: 3, Mode: "0644" },
    ]);
    expect(names(await listOf(kit, "/in"))).toEqual(["2026", "orders.csv"]);
    expect(names(await listOf(kit, "in/2026/november/"))).toEqual(["report 9.txt", "report 10.txt"]);
    expect(names(await listOf(kit, "/in/2026/november", "?sort=size"))).toEqual([
      "report 10.txt",
      "report 9.txt",
    ]);
    expect(names(await listOf(kit, "/in/2026/november", "?order=down"))).toEqual([
      "report 10.txt",
      "report 9.txt",
    ]);
  });

  test("gives a page of a large folder, and how many there are", async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, "x"]));
    await using kit = await startFilesFixture({ files });
    const answer = await kit.call("/files?start=10&limit=5");
    const { Total, Entries } = (await answer.json()) as { Total: number; Entries: Shown[] };
    expect([Total, names(Entries)]).toEqual([30, ["f10", "f11", "f12", "f13", "f14"]]);
  });

  test("answers what cannot be listed with a status and a sentence", async () => {
    await using kit = await startFilesFixture({ files: someFiles });
    const said = async (path: string) => {
      const answer = await kit.about("", path);
      return [answer.status, await answer.text()];
    };
    expect(await said("/none")).toEqual([404, "ENOENT no such file or folder: /none"]);
    expect(await said("/in/orders.csv")).toEqual([409, "ENOTDIR not a folder: /in/orders.csv"]);
    expect(await said("/a\0b")).toEqual([400, expect.stringContaining("without NUL")]);
    expect(await said(`/${"a".repeat(5000)}`)).toEqual([400, expect.stringContaining("4095")]);
    expect((await kit.call("/files?sort=colour")).status).toBe(400);
  });

  test("stays inside the root on disk, whatever the path and the links say", async () => {
    const outside = await mkdtemp(join(tmpdir(), "portside-outside-"));
    const root = await mkdtemp(join(tmpdir(), "portside-root-"));
    try {
      await writeFile(join(outside, "secret"), "secret");
      await writeFile(join(root, "mine"), "mine");
      await symlink(outside, join(root, "leak"));
      await symlink(join(outside, "secret"), join(root, "link"));
      await using kit = await startFilesFixture({ root });
      expect(names(await listOf(kit, "/../../.."))).toEqual(["leak", "link", "mine"]);
      for (const path of ["/leak", "/leak/secret", "/link", "/../secret", "/leak/../../secret"]) {
        const answer = await kit.about("/content", path);
        expect(answer.status, path).toBeGreaterThanOrEqual(403);
        expect(await answer.text()).not.toContain("secret\n");
      }
      const put = await kit.about("/content", "/leak/new", { method: "PUT", body: "x" });
      expect(put.status).toBe(403);
      const over = await kit.about("/content", "/link", { method: "PUT", body: "x" });
      expect([over.status, await readFile(join(outside, "secret"), "utf8")]).toEqual([403, "secret"]);
      const moved = await kit.call("/files/rename", {
        method: "POST",
        body: JSON.stringify({ From: "/mine", To: "/leak/mine" }),
      });
      expect(moved.status).toBe(403);
      // A link is deleted itself; where it leads stays.
      await kit.ftp.files.makeDirectory("/full");
      await symlink(outside, join(root, "full", "leak"));
      expect((await kit.about("?recursive=1", "/full", { method: "DELETE" })).status).toBe(200);
      expect((await kit.about("?recursive=1", "/leak", { method: "DELETE" })).status).toBe(200);
      expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
    } finally {
      await rm(root, { recursive: true });
      await rm(outside, { recursive: true });
    }
  });

  test("answers 501 where no file server is shown", async () => {
    await using kit = await startFixture();
    for (const path of ["/files", "/files/stat", "/files/content", "/files/log", "/files/stream"]) {
      expect((await kit.call(path)).status, path).toBe(501);
    }
  });
});

describe("GET /api/v1/files/content", () => {
  test("gives the bytes, the type that the name promises, and a name to save them by", async () => {
    await using kit = await startFilesFixture({ files: someFiles });
    const answer = await kit.about("/content", "/odd % #? \"'(*) ü.txt");
    expect(await answer.text()).toBe("odd");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-length": "3",
      "content-disposition": "attachment; filename*=UTF-8''odd%20%25%20%23%3F%20%22%27%28%2A%29%20%C3%BC.txt",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    });
  });

  test("lets no page be run: HTML and SVG are saved, pictures are shown", async () => {
    await using kit = await startFilesFixture({
      files: { "a.html": "<script>", "a.svg": "<svg>", "a.png": "x" },
    });
    const how = async (path: string) =>
      (await kit.about("/content", path)).headers.get("content-disposition")?.split(";")[0];
    expect([await how("a.html"), await how("a.svg"), await how("a.png")]).toEqual([
      "attachment",
      "attachment",
      "inline",
    ]);
    const saved = await kit.about("/content?dl=1", "a.png");
    expect(saved.headers.get("content-disposition")).toMatch(/^attachment/);
  });

  test("gives types to names that are known, and to no others", async () => {
    await using kit = await startFilesFixture({
      files: { "a.constructor": "x", "A.MD": "x", "x.json": "x", none: "x" },
    });
    const type = async (path: string) => (await kit.about("/content", path)).headers.get("content-type");
    expect(await Promise.all(["a.constructor", "A.MD", "x.json", "none"].map(type))).toEqual([
      "application/octet-stream",
      "text/markdown; charset=utf-8",
      "application/json",
      "application/octet-stream",
    ]);
  });

  test("gives one range, and 416 beyond the end", async () => {
    await using kit = await startFilesFixture({ files: { digits: "0123456789", empty: "" } });
    const part = async (path: string, range: string) => {
      const answer = await kit.about("/content", path, { headers: { Range: range } });
      return [answer.status, answer.headers.get("content-range"), await answer.text()];
    };
    expect(await part("digits", "bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await part("digits", "bytes=7-")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part("digits", "bytes=-3")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part("digits", "bytes=8-99")).toEqual([206, "bytes 8-9/10", "89"]);
    expect(await part("digits", "bytes=10-")).toEqual([416, "bytes */10", "the file has 10 bytes"]);
    expect(await part("empty", "bytes=0-9")).toEqual([416, "bytes */0", "the file has 0 bytes"]);
    expect(await part("digits", "bytes=0-1,3-4")).toEqual([200, null, "0123456789"]);
    const head = await kit.about("/content", "digits", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
  });

  test("streams: a download is told whole while its reader is slow, and is let go when he leaves", async () => {
    const bytes = Buffer.alloc(20_000_000, "portside ");
    await using kit = await startFilesFixture({ files: { large: bytes } });
    const answer = await kit.about("/content", "large");
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const reader = (await kit.about("/content", "large")).body!.getReader();
    await reader.read();
    await reader.cancel();
  });
});
