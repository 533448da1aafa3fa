import { existsSync, readFileSync } from "node:fs";
import { Toxiproxy } from "toxiproxy-node-client";
import { expect, test } from "vitest";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

const envelope = ["--mail-from", "ann@client.test", "--mail-rcpt", "bob@mail.test", "-T", "-"];
const letter = "Subject: hello\r\n\r\nhello\r\n";

async function readyLine(spawned: ReturnType<typeof run>): Promise<Record<"listen" | "control", string>> {
  return JSON.parse(await spawned.said("stdout", /^.*\n/)) as Record<"listen" | "control", string>;
}

test("portside exchange record writes what curl said, and play finds it right", needs("curl"), async () => {
  await using smtp = await startSmtp();
  using folder = scratch();
  const out = `${folder.path}/mail.exchange`;
  await using recorder = run("exchange", ["record", "--target", smtp.url, "--out", out, "--json"]);
  const { listen } = await readyLine(recorder);
  await runTool("curl", ["-sS", listen, ...envelope], { input: letter });
  await runTool("curl", ["-sS", listen, ...envelope], { input: letter });
  recorder.signal("SIGTERM");
  expect(await recorder.ended).toBe(0);
  expect(readFileSync(out, "utf8")).toContain("C: MAIL FROM:<ann@client.test>");
  expect(existsSync(`${folder.path}/mail-2.exchange`)).toBe(true);
  await using play = run("exchange", ["play", out, "--quiet"]);
  expect(await play.ended).toBe(0);
  expect(await smtp.mails()).toHaveLength(3);
});

test(
  "portside exchange interpose causes the faults of a file, and warns of a rule that never fired",
  needs("curl"),
  async () => {
    await using smtp = await startSmtp();
    using folder = scratch();
    const rules = folder.file(
      "faults.exchange",
      "(whenever)\n  C: RCPT TO:<...\n  S: 450 later\n(end)\n(whenever)\n  C: VRFY ...\n  (S resets)\n(end)\n",
    );
    await using middle = run("exchange", ["interpose", rules, "--target", smtp.url, "--json", "--verbose"]);
    const { listen } = await readyLine(middle);
    await runTool("curl", ["-sS", listen, ...envelope], { input: letter, codes: [55] });
    expect(
      await middle.said("stderr", /fault 1: reply at connection 1, RCPT #1 \(rule at line 1\)/),
    ).toBeTruthy();
    middle.signal("SIGTERM");
    expect(await middle.ended).toBe(0);
    expect(middle.stderr).toMatch(/warning: rule 2 \(rule at line 5\) never fired/);
  },
);

test("portside exchange interpose --control offers toxiproxy's API", async () => {
  await using api = run("exchange", ["interpose", "--control", ":0", "--json"]);
  const { control } = await readyLine(api);
  const client = new Toxiproxy(control);
  const proxy = await client.createProxy({ name: "mail", listen: "127.0.0.1:0", upstream: "127.0.0.1:1" });
  expect(Object.keys(await client.getAll())).toEqual([proxy.name]);
});

test.each([
  [["record"], /record needs --target/],
  [["interpose"], /interpose needs --target/],
  [["interpose", "--target", "smtp://127.0.0.1:1", "missing.exchange"], /no file 'missing\.exchange'/],
])("a wrong %s is one sentence and exit code 1", async (args, says) => {
  await using process = run("exchange", args);
  expect(await process.ended).toBe(1);
  expect(process.stderr).toMatch(says);
});
