import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startInterposer } from "../../../servers/exchange/index.ts";
import { startSmtp } from "../../../servers/smtp/index.ts";
import { needs, runTool } from "../../peers/tools.ts";

const rules = fileURLToPath(new URL("../../exchanges/examples/7-faults.exchange", import.meta.url));

test("the example of faults between curl and a real server", needs("curl"), async () => {
  await using smtp = await startSmtp();
  await using middle = await startInterposer({ target: smtp.url, rules: [rules] });
  const send = async (from: string, to = "bob@example.com"): Promise<number | null> => {
    const args = ["-sS", `${middle.url}/client.test`, "--mail-from", from, "--mail-rcpt", to, "-T", "-"];
    const run = await runTool("curl", args, { input: "Subject: hello\r\n\r\nhello\r\n", codes: "any" });
    return run.code;
  };
  // Greylisted twice; the second dot is the lost acknowledgement.
  expect([
    await send("a@a.test", "grey@example.com"),
    await send("a@a.test", "grey@example.com"),
    await send("a@a.test", "grey@example.com"),
  ]).toEqual([55, 55, 0]);
  expect(await send("drop@a.test")).toBe(56);
  expect(await send("late@a.test")).toBe(55);
  expect(await send("twice@a.test")).toBe(56);
  const startMs = performance.now();
  expect(await send("slow@a.test")).toBe(0);
  // The reply to MAIL drips a byte every 20 ms.
  expect(performance.now() - startMs).toBeGreaterThan(300);
  const senders = (await smtp.mails()).map(({ envelope }) => envelope.mailFrom);
  expect(senders).toEqual(["a@a.test", "twice@a.test", "slow@a.test"]);
  // The real list of extensions never reached the client.
  expect(middle.transcript.text()).not.toContain("CHUNKING");
  expect(smtp.transcript.text()).toContain("CHUNKING");
  expect(middle.rules.warnings()).toEqual([]);
  expect(middle.rules.seed).toBe(42);
});
