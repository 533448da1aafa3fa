import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

const portside = join(import.meta.dirname, "../../scripts/portside.ts");

function talk(
  args: readonly string[],
  input = "",
  codes: readonly number[] = [0],
): ReturnType<typeof runTool> {
  return runTool(process.execPath, [portside, "talk", ...args], { input, codes });
}

describe("npm run talk", () => {
  test("sends typed lines with CRLF and prints what comes as it is", async () => {
    await using smtp = await startSmtp();
    const { stdout } = await talk([smtp.url], "NOOP\nQUIT\n");
    expect(stdout).toBe(
      "220 mail.test ESMTP Portside\r\n250 2.0.0 ok\r\n221 2.0.0 mail.test says goodbye\r\n",
    );
  });

  test("shows both directions with the time, by lines or in hex", async () => {
    await using smtp = await startSmtp();
    const lines = (await talk([smtp.url, "--view", "line"], "QUIT\n")).stdout;
    expect(lines).toMatch(/^ +\d\.\d{3} → QUIT\n/m);
    expect(lines).toMatch(/^ +\d\.\d{3} ← 221 2\.0\.0 mail\.test says goodbye$/m);
    const hex = (await talk([smtp.url, "--view", "hex"], "QUIT\n")).stdout;
    expect(hex).toMatch(/← 0000 {2}32 32 30 20 6d 61 69 6c 2e 74 65 73 74 20 45 53 +\|220 mail\.test ES\|/);
  });

  test("upgrades in mid-stream, and says whose certificate it is", async () => {
    await using smtp = await startSmtp();
    using folder = scratch();
    const { stdout, stderr } = await talk(
      [smtp.url, "--starttls", "smtp", "--ca", folder.file("ca.pem", smtp.ca)],
      "EHLO me\nQUIT\n",
    );
    expect(stdout).toContain("250-PIPELINING");
    expect(stderr).toMatch(
      /TLSv1\.3 TLS_\w+, certificate of localhost by Portside test authority until .*, trusted/,
    );
  });

  test("writes the conversation down as a script that plays", async () => {
    await using smtp = await startSmtp();
    using folder = scratch();
    const script = join(folder.path, "talk.exchange");
    await talk([smtp.url, "--record", script], "EHLO me\nQUIT\n");
    expect(readFileSync(script, "utf8")).toMatch(/^C: EHLO me$/m);
    await runTool(process.execPath, [portside, "exchange", "play", script, "--target", smtp.url]);
  });

  test("sends a file to another that listens and saves it", needs("nc"), async () => {
    using folder = scratch();
    const file = folder.file("sent", "some bytes\n".repeat(10_000));
    const saved = join(folder.path, "saved");
    await using listening = run("talk", [
      "--listen",
      "tcp://127.0.0.1:0",
      "--save",
      saved,
      "--timeout",
      "1s",
    ]);
    const [, port = ""] = /:(\d+)/.exec(await listening.said("stderr", /listening on .*\n/)) ?? [];
    await runTool("nc", ["-N", "127.0.0.1", port], { input: readFileSync(file) });
    expect(await listening.ended).toBe(0);
    expect(readFileSync(saved, "utf8")).toBe(readFileSync(file, "utf8"));
  });

  test.for([
    [["tcp://127.0.0.1:1"], 3, /CONNECT_FAILED/],
    [["bogus://x"], 1, /'bogus' is not a scheme/],
    [[], 1, /give one URL/],
    [["tcp://127.0.0.1:1", "--view", "x"], 1, /--view is "x"; give line, raw or hex/],
  ] as const)("ends %j with %i", async ([args, code, why]) => {
    const { stderr } = await talk(args, "", [code]);
    expect(stderr).toMatch(why);
  });
});

describe("npm run probe", () => {
  const probe = (args: readonly string[], codes: readonly number[]): ReturnType<typeof runTool> =>
    runTool(process.execPath, [portside, "probe", ...args], { codes });

  test("lists who answers, with the greeting", async () => {
    await using smtp = await startSmtp();
    const { stdout } = await probe(["127.0.0.1", String(smtp.port)], [0]);
    expect(stdout).toMatch(/^ *\d+ {2}open +\d+\.\d ms {2}220 mail\.test ESMTP Portside\n$/);
  });

  test.for([
    [["10.0.0.0/8", "25"], /name hosts one by one/],
    [["10.0.0.1-20", "25"], /name hosts one by one/],
    [["127.0.0.1", "0"], /"0" is no port/],
    [["127.0.0.1"], /give a host and ports/],
  ] as const)("refuses %j", async ([args, why]) => {
    expect((await probe(args, [1])).stderr).toMatch(why);
  });
});
