import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { expect, test } from "vitest";
import { startDns } from "../../servers/dns/index.ts";
import { type Interposer, startInterposer } from "../../servers/exchange/index.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { needs, python, runTool } from "../peers/tools.ts";
import { startDnsmasq } from "./peers/peers.ts";

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

/** What dig says of the faults of name servers when they stand in front of somebody else's. */
const seenByDig = {
  drop: /timed out/,
  duplicate: /192\.0\.2\.7/,
  wrong_id: /ID mismatch/,
  truncated_tc: /Truncated, retrying in TCP mode/,
  servfail: /status: SERVFAIL/,
  nxdomain: /status: NXDOMAIN/,
  refused: /status: REFUSED/,
  other_port: /timed out/,
} as const;

test.each(Object.entries(seenByDig))(
  "dig sees %s between it and dnsmasq",
  needs("dig", "dnsmasq"),
  async (fault, says) => {
    await using dnsmasq = await startDnsmasq();
    const rules = [{ fault: fault as keyof typeof seenByDig, times: { first: 1 } }];
    await using interposer = await startInterposer({ target: dnsmasq.url, rules });
    const args = ["@127.0.0.1", "-p", String(interposer.port), "+tries=1", "+time=1", "www.example.test"];
    expect((await runTool("dig", args, { codes: [0, 9] })).stdout).toMatch(says);
    expect(interposer.rules.list()[0]?.fired).toBe(1);
  },
);

const senderOfThree = `
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(0.4)
client.connect(("127.0.0.1", int(sys.argv[1])))
for said in [b"a", b"b", b"c"]:
    client.send(said)
heard = ""
try:
    while True:
        heard += client.recv(10).decode()
except TimeoutError:
    print(heard)
`;

test.each([
  [{ fault: "drop", times: { first: 1 } }, "bc"],
  [{ fault: "duplicate", times: { first: 1 } }, "aabc"],
  [{ fault: "reorder", times: { first: 1 } }, "bac"],
  // A socket that is connected hears only the port that it asked.
  [{ fault: "other_port", times: { first: 1 } }, "bc"],
] as const)(
  "a Python socket sees %o of datagrams that are of no protocol",
  needs(python),
  async (rule, says) => {
    const echo = createSocket("udp4");
    echo.on("message", (bytes, { port, address }) => echo.send(bytes, port, address));
    echo.bind(0, "127.0.0.1");
    await once(echo, "listening");
    const target = `udp://127.0.0.1:${echo.address().port}`;
    await using interposer = await startInterposer({ target, rules: [rule] });
    expect((await runTool(python, ["-c", senderOfThree, String(interposer.port)])).stdout).toBe(`${says}\n`);
    echo.close();
  },
);

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
