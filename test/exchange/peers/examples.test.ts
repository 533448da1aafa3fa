import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tryExchange } from "../../../clients/exchange/index.ts";
import { serveExchange } from "../../../servers/exchange/index.ts";
import { startFtp } from "../../../servers/ftp/index.ts";
import { refuse, startSmtp } from "../../../servers/smtp/index.ts";
import { loadScript } from "../../../wire/exchange/load.ts";
import { mutations } from "../../../wire/exchange/mutate.ts";
import { textReport } from "../../../wire/exchange/reports/text.ts";
import { needs, python, runTool } from "../../peers/tools.ts";
import type { Peer } from "./peers.ts";
import {
  startAiosmtpd,
  startChat,
  startDnsmasq,
  startPyftpdlib,
  startRedis,
  startSmtpServer,
} from "./peers.ts";

const folder = fileURLToPath(new URL("../../exchanges/examples/", import.meta.url));

/** Our own mail server as the examples expect one. */
async function startOwnSmtp(): Promise<Peer> {
  const smtp = await startSmtp({
    users: { alice: "wonderland" },
    onRcptTo: ({ address }) => (address.endsWith("@invalid.test") ? refuse(550, "no such user") : undefined),
  });
  return { url: smtp.url, [Symbol.asyncDispose]: () => smtp.close() };
}

const cases: readonly (readonly [string, string, readonly string[], () => Promise<Peer>])[] = [
  ["1-smtp-starttls-auth", "aiosmtpd", [python], startAiosmtpd],
  ["1-smtp-starttls-auth", "Portside", [], startOwnSmtp],
  ["2-smtp-pipelining", "nodemailer's smtp-server", [], startSmtpServer],
  ["2-smtp-pipelining", "Portside", [], startOwnSmtp],
  ["3-ftp-passive-upload", "pyftpdlib", [python], startPyftpdlib],
  ["4-ws-chat", "a chat on ws", [], startChat],
  ["5-resp", "Redis", ["redis-server"], startRedis],
  ["6-dns", "dnsmasq", ["dnsmasq"], startDnsmasq],
];

describe.each(cases)("%s against %s", (name, _server, tools, start) => {
  const loaded = loadScript(`${folder}${name}.exchange`, `${name}.exchange`);

  test("plays", needs(...tools), async () => {
    await using peer = await start();
    const outcome = await tryExchange(loaded, { target: peer.url, timeoutMs: 3000 });
    expect(outcome.failure && textReport(outcome)).toBeUndefined();
  });

  test("fails when any line of the server is changed", needs(...tools), async () => {
    const all = mutations(loaded.script);
    expect(all.length).toBeGreaterThan(2);
    for (const { script, before, after } of all) {
      // Each on a server of its own: the examples count what they have stored.
      await using peer = await start();
      const outcome = await tryExchange({ ...loaded, script }, { target: peer.url, timeoutMs: 500 });
      expect(outcome.failure, `${before} → ${after}`).toBeDefined();
    }
  });
});

test("whenever is served to curl, whose first recipient is greylisted", needs("curl"), async () => {
  await using served = await serveExchange(`${folder}whenever.exchange`, { timeoutMs: 3000 });
  const recipients = ["grey@example.com", "bob@example.com"].flatMap((to) => ["--mail-rcpt", to]);
  const args = ["-sS", "--mail-rcpt-allowfails", served.url, "--mail-from", "a@b.test", ...recipients];
  await runTool("curl", [...args, "-T", "-"], { input: "Subject: hello\r\n\r\nhello\r\n" });
  const { faults, warnings } = await served.done;
  expect(faults).toHaveLength(1);
  expect(warnings).toEqual(["the rule at line 4 never fired: C: NOOP"]);
});

test("3-ftp-passive-upload plays against Portside", async () => {
  await using ftp = await startFtp({ users: [{ name: "tester", password: "secret" }] });
  const outcome = await tryExchange(`${folder}3-ftp-passive-upload.exchange`, {
    target: ftp.url,
    timeoutMs: 3000,
  });
  expect(outcome.failure && textReport(outcome)).toBeUndefined();
});
