import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tryExchange } from "../../../clients/exchange/index.ts";
import { serveExchange } from "../../../servers/exchange/index.ts";
import { type FtpOptions, startFtp } from "../../../servers/ftp/index.ts";
import { textReport } from "../../../wire/exchange/reports/text.ts";
import { needs, runTool, scratch } from "../../peers/tools.ts";

const folder = fileURLToPath(new URL("../../exchanges/ftp/", import.meta.url));
const text = "first line\nsecond line\nthird line\n";

/** A behaviour that widely used clients rely on, by the name of its script. */
interface Behaviour {
  /** What our file server has to be told to show it; nothing when it is about a wrong server only. */
  readonly server?: FtpOptions;
  /** What curl has to be told to behave so: paths begin with a slash, `UPLOAD` is a file. */
  readonly curl?: readonly string[];
  /** curl's exit code. @default 0 */
  readonly code?: number;
}

const files: FtpOptions["files"] = {
  "/file.txt": text,
  "/folder/inside.txt": "hello",
  "/other/inside.txt": "world",
  "/old1.txt": "",
  "/old2.txt": "",
};

const behaviours: Readonly<Record<string, Behaviour>> = {
  "26-list": { server: { files }, curl: ["/folder/"] },
  "27-epsv-refused": {
    server: { files, rules: [{ on: "EPSV", fault: "reply", code: 500 }] },
    curl: ["/file.txt"],
  },
  "28-active": { server: { files }, curl: ["/file.txt", "-P", "-"] },
  "29-head": { server: { files }, curl: ["/file.txt", "-I"] },
  "30-ascii": { server: { files }, curl: ["/file.txt;type=a"] },
  "31-stor-passive": { server: { files }, curl: ["/new.txt", "-T", "UPLOAD"] },
  "32-appe": { server: { files }, curl: ["/file.txt", "-T", "UPLOAD", "-a"] },
  "33-rest": { server: { files }, curl: ["/file.txt", "-C", "23"] },
  "34-odd-code-to-user": {
    server: { rules: [{ on: "USER", fault: "reply", code: 314, text: "who?" }] },
    curl: ["/file.txt"],
    code: 67,
  },
  "35-dele": { server: { files }, curl: ["/file.txt", "-Q", "DELE old1.txt", "-Q", "-DELE old2.txt"] },
  "36-replies-at-once": { curl: ["/file.txt"] },
  "37-range": {
    server: { files: { "/large.bin": "0123456789".repeat(4_000_000) } },
    curl: ["/large.bin", "-r", "3-6"],
  },
  "38-facts-only": { server: { files }, curl: ["/folder/inside.txt", "-I"] },
  "39-two-folders": { server: { files }, curl: ["/folder/inside.txt", "/other/inside.txt"] },
  "40-make-folder": { server: { files }, curl: ["/new/new.txt", "-T", "UPLOAD", "--ftp-create-dirs"] },
  "41-slow-cwd": {
    server: { files, rules: [{ on: "CWD", fault: "latency", latencyMs: 60_000 }] },
    curl: ["/folder/file.txt", "--max-time", "1"],
    code: 28,
  },
  "42-account": {
    server: { files, users: [{ name: "tester", password: "secret", account: "one count" }] },
    curl: ["/file.txt", "--ftp-account", "one count"],
  },
  "43-pasv-nonsense": {
    server: {
      rules: [
        { on: "EPSV", fault: "reply", code: 500 },
        { on: "PASV", fault: "reply", code: 227, text: "Entering Passive Mode (1216,256,2,127,127,127)" },
      ],
    },
    curl: ["/file.txt"],
    code: 14,
  },
  "44-disk-full": { server: { quotaBytes: 10 }, curl: ["/new.txt", "-T", "UPLOAD"], code: 70 },
  "45-implicit-tls": { server: { files, ftpsPort: 0 }, curl: ["/file.txt", "-k", "--ftp-ssl-control"] },
  "46-active-without-data": { curl: ["/file.txt", "-P", "-"], code: 10 },
};

test("every script is in the table", () => {
  const scripts = readdirSync(folder).map((name) => name.replace(".exchange", ""));
  expect(scripts.sort()).toEqual(Object.keys(behaviours).sort());
});

describe.each(Object.entries(behaviours))("%s", (name, { server, curl = [], code = 0 }) => {
  const path = `${folder}${name}.exchange`;

  test("is how Portside behaves", { skip: server === undefined }, async () => {
    await using ftp = await startFtp(server);
    const outcome = await tryExchange(path, { target: ftp.ftpsUrl ?? ftp.url, timeoutMs: 3000 });
    expect(outcome.failure && textReport(outcome)).toBeUndefined();
  });

  test("is what curl does", { skip: curl.length === 0 || needs("curl").skip }, async () => {
    using temporary = scratch();
    const upload = temporary.file("upload.txt", text);
    await using served = await serveExchange(path, { timeoutMs: 3000 });
    const told = curl.map((word) =>
      word === "UPLOAD" ? upload : word.startsWith("/") ? `${served.url}${word}` : word,
    );
    const args = ["-sS", "-u", "tester:secret", "--max-time", "10", ...told];
    const run = await runTool("curl", args, { codes: "any" });
    const report = await served.done.then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(report).toBeUndefined();
    expect(run.code).toBe(code);
  });
});
