import { readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { connectWeb } from "../../clients/web/index.ts";
import { startWeb } from "../../servers/web/index.ts";
import { runTool, scratch } from "../peers/tools.ts";
import { big, site } from "./site.ts";
import { exchange, statuses } from "./raw.ts";

describe("no path leaves the root", () => {
  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "/sub/../../secret.txt",
    "/..%5csecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "//../secret.txt",
    "/./../secret.txt",
    "/../root-but-not/secret.txt",
    "/link-out.txt",
    "/folder-out/secret.txt",
    "/folder-out/",
    "/folder-out",
    "/etc/passwd",
    "/etc/",
    "/beside/secret.txt",
    "/beside/",
    "/loop",
    "/sub/../link-out.txt",
    "/proc/self/environ",
    "/secret.txt%00.html",
    "http://x/../secret.txt",
    "http://x/link-out.txt",
  ])("%s", async (path) => {
    using folder = site();
    await using web = await startWeb({ root: folder.root });
    const heard = await exchange(web.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([400, 404]).toContain(statuses(heard)[0]);
    expect(heard.slice(heard.indexOf("\r\n\r\n"))).not.toMatch(/^secret|root:/m);
  });

  test("while links inside are followed, and a link that turns to the outside is not, a moment later", async () => {
    using folder = site();
    await using web = await startWeb({ root: folder.root });
    await using client = await connectWeb(web.url);
    expect((await client.ask({ target: "/link-in.txt" })).text).toMatch(/^0123/);
    symlinkSync("../secret.txt", join(folder.root, "turned"));
    renameSync(join(folder.root, "turned"), join(folder.root, "link-in.txt"));
    expect((await client.ask({ target: "/link-in.txt" })).status).toBe(404);
  });

  test("a FIFO is not opened", async () => {
    using folder = site();
    await runTool("mkfifo", [join(folder.root, "fifo")]);
    await using web = await startWeb({ root: folder.root });
    await using client = await connectWeb(web.url, { answerTimeoutMs: 2_000 });
    expect((await client.ask({ target: "/fifo" })).status).toBe(404);
  });

  test("a root that is no folder is told at once", async () => {
    await expect(startWeb({ root: "/nowhere" })).rejects.toThrow(TypeError);
  });
});

describe("files", () => {
  test("are served as they are now, also when they change faster than their times", async () => {
    using folder = scratch();
    await using web = await startWeb({ root: folder.path });
    await using client = await connectWeb(web.url);
    const etags = new Set<string | undefined>();
    for (let round = 0; round < 200; round += 1) {
      const file = folder.file("a.txt", `round ${String(round).padStart(3, "0")}`);
      if (round % 2 === 0) utimesSync(file, 1, 1);
      const answer = await client.ask({ target: "/a.txt" });
      expect(answer.text).toBe(`round ${String(round).padStart(3, "0")}`);
      etags.add(answer.fields.get("etag"));
    }
    expect(etags.size).toBeGreaterThan(1);
  });

  test("are large as well, whole and in parts", async () => {
    using folder = site();
    await using web = await startWeb({ root: folder.root });
    await using client = await connectWeb(web.url);
    expect((await client.ask({ target: "/big.bin" })).body.equals(big)).toBe(true);
    const several = await client.ask({
      target: "/big.bin",
      headers: { range: "bytes=10-19,100000-100009,-10" },
    });
    const boundary = /boundary=(\w+)/.exec(several.fields.get("content-type") ?? "")?.[1] ?? "none";
    const parts = several.body.toString("latin1").split(`--${boundary}`);
    expect(parts).toHaveLength(5);
    expect(Buffer.from(parts[2]!.split("\r\n\r\n")[1]!.slice(0, 10), "latin1")).toEqual(
      big.subarray(100_000, 100_010),
    );
  });

  test("have a type, and a folder a listing or an index", async () => {
    using folder = site();
    writeFileSync(join(folder.root, "plain", "<b>&.txt"), "x");
    await using web = await startWeb({ root: folder.root });
    await using client = await connectWeb(web.url);
    const typeOf = async (target: string): Promise<string | undefined> =>
      (await client.ask({ target })).fields.get("content-type");
    expect(await typeOf("/page.html")).toBe("text/html; charset=utf-8");
    expect(await typeOf("/style.css")).toBe("text/css; charset=utf-8");
    expect(await typeOf("/big.bin")).toBe("application/octet-stream");
    expect((await client.ask({ target: "/sub/" })).text).toBe("<p>index");
    const listing = (await client.ask({ target: "/plain/" })).text;
    expect(listing).toContain('<a href="./b.txt">b.txt</a>');
    expect(listing).toContain('<a href="./%3Cb%3E%26.txt">&#60;b&#62;&#38;.txt</a>');
    expect(listing).not.toContain("<b>");
    await using bare = await startWeb({ root: folder.root, listing: false });
    await using other = await connectWeb(bare.url);
    expect((await other.ask({ target: "/plain/" })).status).toBe(404);
    expect((await other.ask({ target: "//evil.test/.." })).status).not.toBe(301);
  });
});

describe("compression", () => {
  const text = "a line that comes again and again\n".repeat(5_000);

  test.each([
    ["gzip", "gzip", gunzipSync],
    ["br", "br", brotliDecompressSync],
    ["gzip;q=0.5, br;q=0.9", "br", brotliDecompressSync],
    ["br;q=0, *", "gzip", gunzipSync],
  ] as const)("of a file on the way: %s", async (accepted, coding, unpack) => {
    using folder = scratch();
    folder.file("small.txt", text.slice(0, 20_000));
    folder.file("large.txt", text);
    await using web = await startWeb({ root: folder.path });
    await using client = await connectWeb(web.url);
    for (const name of ["small", "large"]) {
      const answer = await client.ask({ target: `/${name}.txt`, headers: { "accept-encoding": accepted } });
      expect(answer.fields.get("content-encoding")).toBe(coding);
      expect(answer.fields.get("vary")).toBe("accept-encoding");
      expect(unpack(answer.body).toString()).toBe(readFileSync(join(folder.path, `${name}.txt`), "utf8"));
      const etag = answer.fields.get("etag") ?? "";
      expect(etag).toMatch(/^W\//);
      const again = await client.ask({
        target: `/${name}.txt`,
        headers: { "accept-encoding": accepted, "if-none-match": etag },
      });
      expect(again.status).toBe(304);
      const head = await client.ask({
        method: "HEAD",
        target: `/${name}.txt`,
        headers: { "accept-encoding": accepted },
      });
      expect([head.status, head.body.length]).toEqual([200, 0]);
    }
  });

  test("is left alone for those who do not take it, for ranges, for what does not gain", async () => {
    using folder = scratch();
    folder.file("a.txt", text);
    folder.file("tiny.txt", "tiny");
    folder.file("a.png", text);
    await using web = await startWeb({ root: folder.path });
    await using client = await connectWeb(web.url);
    const gzip = { "accept-encoding": "gzip" };
    for (const question of [
      { target: "/a.txt" },
      { target: "/a.txt", headers: { "accept-encoding": "gzip;q=0" } },
      { target: "/a.txt", headers: { ...gzip, range: "bytes=0-9" } },
      { target: "/tiny.txt", headers: gzip },
      { target: "/a.png", headers: gzip },
    ]) {
      expect((await client.ask(question)).fields.get("content-encoding")).toBeUndefined();
    }
  });

  test("done before stands in files beside, with ranges of their own", async () => {
    using folder = scratch();
    folder.file("a.txt", text);
    folder.file("a.txt.gz", gzipSync(text));
    folder.file("a.txt.br", brotliCompressSync(text));
    await using web = await startWeb({ root: folder.path });
    await using client = await connectWeb(web.url);
    const packed = await client.ask({ target: "/a.txt", headers: { "accept-encoding": "gzip" } });
    expect(packed.body).toEqual(gzipSync(text));
    expect(packed.fields.get("content-type")).toBe("text/plain; charset=utf-8");
    const part = await client.ask({
      target: "/a.txt",
      headers: { "accept-encoding": "br", range: "bytes=2-5" },
    });
    expect([part.status, part.body]).toEqual([206, brotliCompressSync(text).subarray(2, 6)]);
  });
});
