import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { expect, test } from "vitest";
import { startDns } from "../../servers/dns/index.ts";
import { type Interposer, startInterposer } from "../../servers/exchange/index.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { needs, runTool } from "../peers/tools.ts";

/** A name server with rules before it, and Node's resolver that asks through them. */
async function middle(
  ...rules: readonly (FaultRule | string)[]
): Promise<AsyncDisposable & { readonly resolver: Resolver; readonly interposer: Interposer }> {
  const dns = await startDns({
    zones: { "example.test": { www: { A: "192.0.2.7" }, mail: { A: "192.0.2.8" } } },
  });
  const interposer = await startInterposer({ target: dns.url, rules });
  const resolver = new Resolver({ timeout: 300, tries: 2 });
  resolver.setServers([`127.0.0.1:${interposer.port}`]);
  return {
    resolver,
    interposer,
    [Symbol.asyncDispose]: async () => {
      await interposer.close();
      await dns.close();
    },
  };
}

const rule = (does: string, when = ""): string =>
  `dialect: dns\n\n(whenever${when})\n  C: query \${id:int} www.example.test. \${type:word}...\n${does}(end)\n`;

test("questions that no rule is about go through, and are told in words", async () => {
  await using place = await middle(rule("  S: reply ${id} SERVFAIL www.example.test. ${type}\n"));
  expect(await place.resolver.resolve4("mail.example.test")).toEqual(["192.0.2.8"]);
  expect(place.interposer.transcript.text()).toMatch(
    /C: query \d+ mail\.example\.test\. A.*\n1 S: reply \d+ NOERROR/,
  );
  expect(place.interposer.connections).toBe(1);
  expect(place.interposer.rules.warnings()).toHaveLength(1);
});

test.each([
  ["SERVFAIL", "  S: reply ${id} SERVFAIL www.example.test. ${type}\n", "ESERVFAIL"],
  ["REFUSED", "  S: reply ${id} REFUSED www.example.test. ${type}\n", "EREFUSED"],
  [
    "an answer to another question",
    "  S: reply 1 NOERROR www.example.test. ${type} => 60 192.0.2.99\n",
    "ETIMEOUT",
  ],
  ["nothing", "  (pass quietly)\n", "ETIMEOUT"],
])("Node's resolver is told %s", async (_what, does, code) => {
  await using place = await middle(rule(does));
  await expect(place.resolver.resolve4("www.example.test")).rejects.toMatchObject({ code });
});

test("a lost answer is asked for again, and one that comes twice is taken once", async () => {
  await using place = await middle(
    rule("  (pass quietly)\n", " the 1st time"),
    rule("  S: reply ${id} NOERROR www.example.test. ${type} => 60 192.0.2.1\n".repeat(2), " the 2nd time"),
  );
  expect(await place.resolver.resolve4("www.example.test")).toEqual(["192.0.2.1"]);
  expect(place.interposer.rules.list().map(({ fired }) => fired)).toEqual([1, 1]);
  expect(place.interposer.transcript.text().match(/S: reply/g)).toHaveLength(2);
});

test("dig waits for what comes late", needs("dig"), async () => {
  await using place = await middle(rule("  (S waits 100ms)\n  (pass)\n"));
  const args = [
    "@127.0.0.1",
    "-p",
    String(place.interposer.port),
    "www.example.test",
    "A",
    "+short",
    "+tries=1",
  ];
  expect((await runTool("dig", args)).stdout).toBe("192.0.2.7\n");
});

test("bytes of datagrams are garbled by the seed", async () => {
  const echo = createSocket("udp4");
  echo.on("message", (bytes, { port, address }) => echo.send(bytes, port, address));
  echo.bind(0, "127.0.0.1");
  await once(echo, "listening");
  const said: string[] = [];
  for (const seed of [7, 7, 8]) {
    await using interposer = await startInterposer({
      target: `udp://127.0.0.1:${echo.address().port}`,
      rules: [{ fault: "garble", rate: 0.3 }],
      seed,
    });
    const client = createSocket("udp4");
    client.send("the same for the same seed", interposer.port, "127.0.0.1");
    said.push(String((await once(client, "message"))[0]));
    client.close();
  }
  echo.close();
  expect(said[0]).toBe(said[1]);
  expect(new Set([...said, "the same for the same seed"]).size).toBe(3);
});
