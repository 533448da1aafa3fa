import { expect, test } from "vitest";
import { startWeb } from "../../servers/web/index.ts";
import { connectWeb, type WebAnswer } from "../../clients/web/index.ts";
import { needs } from "../peers/tools.ts";
import { startNginx } from "./nginx.ts";
import { modified, site } from "./site.ts";

/*
 * The same questions to nginx and to us over the same folder. Compared are the status, and for what is no error the
 * length, the range, the place of a redirect, and every byte of the body.
 */

interface Variation {
  readonly name: string;
  readonly bytes: string;
  readonly method: string;
}

const fullDate = modified.toUTCString();
const before = new Date(modified.getTime() - 1_000).toUTCString();
const after = new Date(modified.getTime() + 1_000).toUTCString();
const rfc850 = fullDate.replace(/^(\w+), (\d+) (\w+) \d\d(\d\d)/, "Wednesday, $2-$3-$4");
const asctime = "Wed Mar  4 05:06:07 2026";

function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
  version = "1.1",
): Variation {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const host = version === "1.1" ? ["Host: x"] : [];
  const head = [`${method} ${path} HTTP/${version}`, ...host, ...lines].join("\r\n");
  return {
    name: [`${method} ${path}`, ...lines].join(" | ") + (version === "1.1" ? "" : " (1.0)"),
    bytes: `${head}\r\n\r\n`,
    method,
  };
}

function exactly(name: string, bytes: string): Variation {
  return { name, bytes, method: "GET" };
}

const paths = [
  "/small.txt",
  "/empty.txt",
  "/page.html",
  "/big.bin",
  "/sub/",
  "/sub",
  "/sub?a=b",
  "/sub/index.html",
  "/plain",
  "/none",
  "/none/",
  "/none/none",
  "/small.txt/",
  "/small.txt?query",
  "/small.txt/none",
  "/with%20space.txt",
  "/%C3%A4.txt",
  "/100%25.txt",
  "//small.txt",
  "/sub//a.txt",
  "/./small.txt",
  "/sub/./a.txt",
  "/sub/../small.txt",
  "/sub/a.txt/../a.txt",
  "/%73mall.txt",
  "/sub%2fa.txt",
  "/%2e/small.txt",
  "/sub/%2e%2e/small.txt",
  "/link-in.txt",
  "/loop",
  `/${"a".repeat(300)}`,
];
const ranges = [
  "bytes=0-0",
  "bytes=0-9",
  "bytes=5-",
  "bytes=-5",
  "bytes=-1",
  "bytes=0-",
  "bytes=36-",
  "bytes=36-36",
  "bytes=37-",
  "bytes=1000-",
  "bytes=0-1000",
  "bytes=-1000",
  "bytes=-0",
  "bytes=5-4",
  "bytes=",
  "bytes=a-b",
  "bytes",
  "items=0-1",
  "bytes=0-1,3-4",
  "bytes=0-1,3-4,6-",
  "bytes=0-1,-2",
  "bytes=0-1,1000-",
  "bytes=1000-,2000-",
  "bytes=0-1, 3-4",
  "bytes=0-1,,3-4",
  "bytes=0-30,0-30",
  "bytes=1-2-3",
  "bytes=0x1-2",
  "bytes=+1-2",
  "bytes=99999999999999999999-",
];
const conditions: readonly Readonly<Record<string, string>>[] = [
  { "If-Modified-Since": fullDate },
  { "If-Modified-Since": before },
  { "If-Modified-Since": after },
  { "If-Modified-Since": "never" },
  { "If-Modified-Since": rfc850 },
  { "If-Modified-Since": asctime },
  { "If-Modified-Since": "" },
  { "If-Unmodified-Since": fullDate },
  { "If-Unmodified-Since": before },
  { "If-Unmodified-Since": after },
  { "If-Unmodified-Since": "never" },
  { "If-None-Match": "*" },
  { "If-None-Match": "ETAG" },
  { "If-None-Match": "W/ETAG" },
  { "If-None-Match": '"other"' },
  { "If-None-Match": '"other", ETAG' },
  { "If-None-Match": 'ETAG,"other"' },
  { "If-Match": "*" },
  { "If-Match": "ETAG" },
  { "If-Match": '"other"' },
  { "If-Match": '"other", ETAG' },
  { "If-Match": "W/ETAG" },
  { "If-None-Match": '"other"', "If-Modified-Since": fullDate },
  { "If-None-Match": "ETAG", "If-Modified-Since": fullDate },
  { "If-Match": "ETAG", "If-Unmodified-Since": fullDate },
  { "If-Match": "ETAG", "If-None-Match": "ETAG" },
  { "If-Range": "ETAG", Range: "bytes=0-1" },
  { "If-Range": '"other"', Range: "bytes=0-1" },
  { "If-Range": "W/ETAG", Range: "bytes=0-1" },
  { "If-Range": fullDate, Range: "bytes=0-1" },
  { "If-Range": before, Range: "bytes=0-1" },
  { "If-Range": after, Range: "bytes=0-1" },
  { "If-Range": "ETAG", Range: "bytes=1000-" },
  { "If-None-Match": "ETAG", Range: "bytes=0-1" },
  { "If-Match": '"other"', Range: "bytes=0-1" },
];
const broken: readonly Variation[] = [
  exactly("no Host", "GET /small.txt HTTP/1.1\r\n\r\n"),
  exactly("two Hosts", "GET /small.txt HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
  exactly("a length that is no number", "GET /small.txt HTTP/1.1\r\nHost: x\r\nContent-Length: a\r\n\r\n"),
  exactly(
    "two lengths",
    "GET /small.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
  ),
  exactly(
    "length and chunks",
    "GET /small.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ),
  exactly(
    "another coding",
    "GET /small.txt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
  ),
  exactly("HTTP/2.0", "GET /small.txt HTTP/2.0\r\nHost: x\r\n\r\n"),
  exactly("HTTP/1.0 with Host", "GET /small.txt HTTP/1.0\r\nHost: x\r\n\r\n"),
  exactly("absolute form", "GET http://x/small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("absolute form without a path", "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("an empty line before", "\r\nGET /small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("a path that climbs out", "GET /../small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("encoded dots that climb out", "GET /%2e%2e/small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("an encoded NUL", "GET /small.txt%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("half an encoding", "GET /%4 HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("no path", "GET small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("a first line beyond all bounds", `GET /${"a".repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`),
  exactly("a NUL in a value", "GET /small.txt HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n"),
  exactly("lines of LF", "GET /small.txt HTTP/1.1\nHost: x\n\n"),
  exactly("a folded line", "GET /small.txt HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
  exactly("a space before a colon", "GET /small.txt HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"),
  exactly("two spaces in the request line", "GET  /small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("a lower case method", "get /small.txt HTTP/1.1\r\nHost: x\r\n\r\n"),
  exactly("HTTP/1.2", "GET /small.txt HTTP/1.2\r\nHost: x\r\n\r\n"),
  exactly(
    "a length that is right, and a body",
    "GET /small.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
  ),
  exactly(
    "chunks, and no use for them",
    "GET /small.txt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  ),
];
const variations: readonly Variation[] = [
  ...paths.flatMap((path) => [ask(path), ask(path, {}, "HEAD")]),
  ...ranges.flatMap((range) => [ask("/small.txt", { Range: range }), ask("/big.bin", { Range: range })]),
  ...ranges.slice(0, 4).map((range) => ask("/empty.txt", { Range: range })),
  ...conditions.flatMap((headers) => [ask("/small.txt", headers), ask("/big.bin", headers)]),
  ...["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"].map((method) =>
    ask("/small.txt", {}, method),
  ),
  ...["/small.txt", "/none", "/sub/", "/big.bin"].map((path) => ask(path, {}, "GET", "1.0")),
  ask("/small.txt", { Connection: "keep-alive" }, "GET", "1.0"),
  ask("/small.txt", { Connection: "close" }),
  ask("/small.txt", { Range: "bytes=0-3" }, "HEAD"),
  ask("/small.txt", { Expect: "100-continue" }),
  ...broken,
];

/** Where we answer otherwise, and why. */
const differences: Readonly<Record<string, string>> = {
  "GET /loop":
    "a loop of links leads to no file, so there is none; that it cannot be opened is nobody's business",
  "HEAD /loop": "the same",
  "GET /small.txt | Range: bytes=0-1,,3-4":
    "RFC 9110 section 5.6.1.2: a recipient must take empty members of a list",
  "GET /big.bin | Range: bytes=0-1,,3-4": "RFC 9110 section 5.6.1.2: the same",
  [`GET /small.txt | If-Modified-Since: ${after}`]:
    "RFC 9110 section 13.1.3: not changed since then is 304, also when the date is not its own",
  [`GET /big.bin | If-Modified-Since: ${after}`]: "RFC 9110 section 13.1.3: the same",
  "GET /small.txt | If-Unmodified-Since: never": "RFC 9110 section 13.1.4: what is no date must be ignored",
  "GET /big.bin | If-Unmodified-Since: never": "RFC 9110 section 13.1.4: the same",
  "GET /empty.txt | Range: bytes=5-":
    "of nothing there is no part, whatever is asked; nginx gives the whole to 0-0, 0-9 and -5 as well",
  "OPTIONS /small.txt": "RFC 9110 section 9.3.7: it asks what is allowed, and is told so with 204",
  "BREW /small.txt":
    "RFC 9110 section 9.1: a method that nobody knows is 501, one that is not allowed here 405",
  "a lower case method": "RFC 9110 section 9.1: methods are case-sensitive, so it is one that nobody knows",
  "HEAD /small.txt | Range: bytes=0-3":
    "RFC 9110 section 14.2: ranges are defined for GET alone, others must ignore them",
  "absolute form without a path":
    "it is the root, which has a listing here; nginx has none unless it is told to",
  "lines of LF":
    "RFC 9112 section 2.2 allows it, but what sees lines of LF and what does not can be played against each other",
  "two spaces in the request line":
    "RFC 9112 section 3: one space; taking more is leave, not duty, and a way to be read in two ways",
  "HTTP/1.2": "RFC 9110 section 15.6.6: there is no such version, and nothing that would tell what it means",
};

test(
  `startWeb() answers ${variations.length} variations of a request as nginx does, but for those that are argued`,
  needs("nginx"),
  async () => {
    using folder = site();
    await using nginx = await startNginx(folder.path, folder.root);
    await using web = await startWeb({ root: folder.root, compression: false });
    const found: string[] = [];
    for (const variation of variations) {
      const theirs = await asked(nginx.url, variation);
      const ours = await asked(web.url, variation);
      if (theirs !== ours) found.push(`${variation.name}\n   nginx ${theirs}\n   ours  ${ours}`);
    }
    const unargued = found.filter((text) => !Object.hasOwn(differences, text.split("\n")[0] ?? ""));
    expect(variations.length).toBeGreaterThanOrEqual(200);
    expect(unargued).toEqual([]);
    expect(found).toHaveLength(Object.keys(differences).length);
  },
);

async function asked(url: string, { bytes, method }: Variation): Promise<string> {
  await using client = await connectWeb(url, { answerTimeoutMs: 5_000 });
  let exact = bytes;
  if (bytes.includes("ETAG")) {
    const target = /^GET (\S+)/.exec(bytes)?.[1] ?? "";
    const { fields } = await client.ask({ target });
    exact = bytes.replaceAll("ETAG", fields.get("etag") ?? "");
  }
  const answer = await client.ask({ exactly: Buffer.from(exact, "latin1"), method });
  return told(answer, method);
}

/** What is compared of an answer. */
function told({ status, fields, body }: WebAnswer, method: string): string {
  if (status >= 400 && status !== 416) return String(status);
  if (status === 301) return `301 ${fields.get("location")}`;
  const boundary = /boundary=(\S+)/.exec(fields.get("content-type") ?? "")?.[1];
  const range = fields.get("content-range") ?? "";
  if (status === 416) return `416 ${range}`;
  if (boundary !== undefined) {
    const parts = body
      .toString("latin1")
      .split(`--${boundary}`)
      .map((part) => {
        const [head = "", bytes = ""] = part.split("\r\n\r\n");
        return `${/content-range: (.*)/i.exec(head)?.[1] ?? ""} ${bytes.trimEnd()}`;
      });
    return `${status} ${parts.join("|")}`;
  }
  const length = status === 304 ? "" : fields.get("content-length");
  return `${status} ${length} ${range} ${method === "HEAD" ? "" : body.toString("base64").slice(0, 200)}`;
}
