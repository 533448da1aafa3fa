import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { playExchange } from "../../clients/exchange/index.ts";
import { serveExchange, startRecorder } from "../../servers/exchange/index.ts";
import { startFtp } from "../../servers/ftp/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { startAiosmtpd, startPyftpdlib } from "./peers/peers.ts";

interface Server extends AsyncDisposable {
  readonly url: string;
}

interface Conversation {
  /** What the client runs: its arguments for a server at this URL. */
  readonly tool: string;
  readonly args: (url: string, ca: string) => readonly string[];
  readonly input?: string;
  readonly start: () => Promise<Server>;
  /** What must stand in the script. */
  readonly has: readonly (string | RegExp)[];
}

const letter = "From: ann@client.test\r\nSubject: recorded\r\n\r\n.a dot\r\n  blanks  \r\n";
const envelope = ["--mail-from", "ann@client.test", "--mail-rcpt", "bob@example.com", "-T", "-"];
const named = (url: string): string => url.replace("127.0.0.1", "localhost");
const ownFtp = (): Promise<Server> =>
  startFtp({
    files: { "a.txt": "hello\nworld\n", "big.bin": Buffer.alloc(300_000, Buffer.from([0, 1, 255])) },
    users: [{ name: "tester", password: "secret" }],
  });
const login = ["-u", "tester:secret"];

const conversations: Record<string, Conversation> = {
  "curl sends a mail to startSmtp()": {
    tool: "curl",
    args: (url) => ["-sS", url, ...envelope],
    input: letter,
    start: () => startSmtp(),
    has: ["C: MAIL FROM:<ann@client.test>", "C: ..a dot", '  blanks${"  "}', "S: 354 "],
  },
  "curl logs in and sends over STARTTLS to startSmtp()": {
    tool: "curl",
    args: (url, ca) => [
      "-sS",
      "--ssl-reqd",
      "--cacert",
      ca,
      "-u",
      "ann:wonder land",
      named(url),
      ...envelope,
    ],
    input: letter,
    start: () => startSmtp({ users: { ann: "wonder land" }, mechanisms: ["PLAIN"] }),
    has: ["(C starts TLS)", 'secret pass = "wonder land"', '${b64("\\0ann\\0" + pass)}'],
  },
  "curl sends a mail to aiosmtpd over STARTTLS, with AUTH": {
    tool: "curl",
    args: (url, ca) => [
      "-sS",
      "--ssl-reqd",
      "--cacert",
      ca,
      "-u",
      "alice:wonderland",
      named(url),
      ...envelope,
    ],
    input: letter,
    start: startAiosmtpd,
    has: ["(C starts TLS)", 'secret pass = "wonderland"'],
  },
  "curl downloads from startFtp()": {
    tool: "curl",
    args: (url) => ["-sS", ...login, `${url}/a.txt`],
    start: ownFtp,
    has: [
      /\(S listens data\)\nC: EPSV\nS: 229 .*\$\{data:epsv\}/,
      "(C connects data)",
      'S@data raw: hello${"\\n"}',
    ],
  },
  "curl downloads a large file in active mode from startFtp()": {
    tool: "curl",
    args: (url) => ["-sS", "-P", "-", ...login, `${url}/big.bin`],
    start: ownFtp,
    has: [
      /\(C listens data\)\nC: EPRT \$\{data:eprt\}/,
      "(S connects data)",
      "S@data file: recorded.data.bin",
    ],
  },
  "curl uploads with PASV over AUTH TLS to startFtp()": {
    tool: "curl",
    args: (url, ca) => [
      "-sS",
      "--disable-epsv",
      "--ssl-reqd",
      "--cacert",
      ca,
      ...login,
      "-T",
      "-",
      `${named(url)}/up.txt`,
    ],
    input: "one\ntwo\n",
    start: ownFtp,
    has: ["C: PASS ${pass}", "(C starts TLS data)", 'C@data raw: one${"\\n"}', "(C closes data)"],
  },
  "curl lists a missing folder of startFtp()": {
    tool: "curl",
    args: (url) => ["-sS", ...login, `${url}/missing/`],
    start: ownFtp,
    has: ["S: 550 "],
  },
  "curl uploads to pyftpdlib": {
    tool: "curl",
    args: (url) => ["-sS", ...login, "-T", "-", `${url}/up.txt`],
    input: "line\n".repeat(100),
    start: startPyftpdlib,
    has: ["C@data file: data.txt", "-- data.txt --"],
  },
  "lftp lists and downloads over AUTH TLS from startFtp()": {
    tool: "lftp",
    args: (url) => [
      ...login,
      "-e",
      "set ftp:ssl-force true; set ftp:ssl-protect-data true; set ssl:verify-certificate no; cls -1; cat a.txt; bye",
      url,
    ],
    start: ownFtp,
    has: ["(C starts TLS)", "(C starts TLS data)", "C: PROT P"],
  },
  "lftp uploads to pyftpdlib and lists it": {
    tool: "lftp",
    args: (url) => [...login, "-e", "put /etc/hostname -o host.txt; cls -l; bye", url],
    start: startPyftpdlib,
    has: ["C: STOR host.txt", "S@data2 "],
  },
};

describe("what was recorded plays against the server and is served to the client, unedited:", () => {
  for (const [name, { tool, args, input, start, has }] of Object.entries(conversations)) {
    test(name, needs(tool), async () => {
      using folder = scratch();
      const out = join(folder.path, "recorded.exchange");
      const run = async (url: string, ca: string): Promise<string> => {
        const file = folder.file("ca.pem", ca);
        const env = { LFTP_HOME: folder.path, HOME: folder.path };
        const { code, stdout } = await runTool(tool, args(url, file), {
          env,
          codes: "any",
          ...(input === undefined ? {} : { input }),
        });
        return `${code} ${stdout}`;
      };
      await using server = await start();
      let seen: string;
      let ca: string;
      {
        await using recorder = await startRecorder({ target: server.url, out });
        ca = recorder.ca;
        seen = await run(recorder.url, ca);
        expect(await recorder.files()).toEqual([out]);
      }
      const script = readFileSync(out, "utf8");
      for (const part of has) {
        if (typeof part === "string") expect(script).toContain(part);
        else expect(script).toMatch(part);
      }
      expect(script).not.toMatch(/^C: PASS secret/m);
      await playExchange(out, { target: server.url });
      await using served = await serveExchange(out);
      expect(await run(served.url, ca)).toBe(seen);
      await served.done;
    });
  }
});
