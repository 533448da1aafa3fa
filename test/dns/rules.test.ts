import { Resolver } from "node:dns/promises";
import { describe, expect, test } from "vitest";
import { type DnsServer, startDns } from "../../servers/dns/index.ts";
import { decodeDns } from "../../wire/dns.ts";
import type { dnsFaults } from "../exchange/faults/elsewhere.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { ask, query } from "./ask.ts";
import { exampleZone } from "./example-zone.ts";

const zones = { "example.test": exampleZone };

function hasty(dns: DnsServer): Resolver {
  const resolver = new Resolver({ timeout: 100, tries: 1 });
  resolver.setServers([`${dns.host}:${dns.port}`]);
  return resolver;
}

describe("the rules of startDns() as Node's resolver sees them:", () => {
  test.for([
    ["servfail", "ESERVFAIL"],
    ["nxdomain", "ENOTFOUND"],
    ["refused", "EREFUSED"],
    ["drop_answer", "ETIMEOUT"],
    ["wrong_id", "ETIMEOUT"],
    ["other_port", "ETIMEOUT"],
  ] as const)("%s is %s, for one name and type", async ([fault, code]) => {
    await using dns = await startDns({ zones });
    const takeOut = dns.rules.add({ fault, name: "WWW.example.test", type: "A" });
    await expect(hasty(dns).resolve4("www.example.test")).rejects.toMatchObject({ code });
    expect(await dns.resolver().resolve6("www.example.test")).toEqual(["2001:db8::7"]);
    expect(await dns.resolver().resolveMx("example.test")).toHaveLength(1);
    takeOut();
    expect(await dns.resolver().resolve4("www.example.test")).toEqual(["192.0.2.7"]);
    expect(dns.queries()[0]?.faults).toEqual([
      expect.stringMatching(/^fault 1: .* at connection 0, QUERY #1$/),
    ]);
    expect(dns.queries().at(-1)?.faults).toEqual([]);
  });

  test("truncated_answer sends the client to TCP, the first time", async () => {
    await using dns = await startDns({
      zones,
      rules: [{ fault: "truncated_answer", times: { first: 1 } }],
    });
    expect(await dns.resolver().resolve4("www.example.test")).toEqual(["192.0.2.7"]);
    expect(await dns.resolver().resolve4("www.example.test")).toEqual(["192.0.2.7"]);
    expect(dns.queries().map(({ transport }) => transport)).toEqual(["udp", "tcp", "udp"]);
  });

  test("a name beginning with * is all names below it", async () => {
    await using dns = await startDns({ zones, rules: [{ fault: "servfail", name: "*.wild.example.test" }] });
    await expect(dns.resolver().resolve4("any.wild.example.test")).rejects.toMatchObject({
      code: "ESERVFAIL",
    });
    expect(await dns.resolver().resolve4("www.example.test")).toEqual(["192.0.2.7"]);
  });
});

/** What dig says of each; what it does not tell (a second answer, another order) is looked at in datagrams below. */
const seenByDig: Record<(typeof dnsFaults)[number], RegExp> = {
  drop_answer: /timed out/,
  delay_answer: /Query time: [1-9]\d\d msec/,
  duplicate_answer: /status: NOERROR/,
  reorder_answers: /timed out[^]*status: NOERROR/,
  servfail: /status: SERVFAIL/,
  nxdomain: /status: NXDOMAIN/,
  refused: /status: REFUSED/,
  wrong_id: /ID mismatch/,
  truncated_answer: /Truncated, retrying in TCP mode[^]*192\.0\.2\.7/,
  other_port: /timed out/,
};

describe("the rules of startDns() as dig sees them:", () => {
  test.each(Object.entries(seenByDig))("%s", needs("dig"), async (fault, says) => {
    await using dns = await startDns({ zones });
    dns.rules.add({ fault: fault as keyof typeof seenByDig, delayMs: 120, times: { first: 2 } });
    const args = ["@127.0.0.1", "-p", String(dns.port), "+tries=2", "+time=1", "www.example.test"];
    const { stdout } = await runTool("dig", args, { codes: [0, 9] });
    expect(stdout).toMatch(says);
    expect(dns.rules.list()[0]?.fired).toBeGreaterThan(0);
  });
});

describe("the rules of startDns(), datagram by datagram:", () => {
  const www = query("www.example.test", "A");

  test("delay_answer, duplicate_answer and reorder_answers", async () => {
    await using dns = await startDns({ zones });
    dns.rules.add({ fault: "delay_answer", delayMs: 60, times: { first: 1 } });
    const began = performance.now();
    await ask(dns, www);
    expect(performance.now() - began).toBeGreaterThan(55);
    dns.rules.clear();
    dns.rules.add({ fault: "duplicate_answer", type: "A" });
    expect(await ask(dns, www, { count: 2 })).toHaveLength(2);
    dns.rules.clear();
    dns.rules.add({ fault: "reorder_answers" });
    const replies = await ask(dns, [www, query("example.test", "MX")], { count: 2 });
    expect(replies.map((reply) => decodeDns(reply).questions[0]?.type)).toEqual(["MX", "A"]);
  });

  test("half of the answers are lost, the same ones for the same seed", async () => {
    const lostWith = async (seed: number): Promise<boolean[]> => {
      await using dns = await startDns({ zones, seed, rules: [{ fault: "drop_answer", percent: 50 }] });
      for (let n = 1; n <= 20; n++) {
        const name = `n${n}.wild.example.test`;
        // The log says what becomes of an answer, so nobody has to wait for one that does not come.
        const asking = ask(dns, query(name, "A"), { timeoutMs: 50 }).catch(() => {});
        await dns.waitForQuery(name);
        void asking;
      }
      return dns.queries().map(({ faults }) => faults.length > 0);
    };
    const lost = await lostWith(7);
    expect(lost.filter(Boolean).length).toBeGreaterThan(3);
    expect(lost.filter(Boolean).length).toBeLessThan(17);
    expect(await lostWith(7)).toEqual(lost);
    expect(await lostWith(8)).not.toEqual(lost);
  });

  test("faults on bytes fall on the answers of a turn", async () => {
    await using dns = await startDns({ zones, rules: [{ fault: "garble", rate: 1, on: "query" }] });
    const reply = await ask(dns, www);
    dns.rules.clear();
    const plain = await ask(dns, www);
    expect(reply).toHaveLength(plain.length);
    expect(reply).not.toEqual(plain);
  });

  test("other_port answers whoever takes answers from everywhere, and dig does not", async () => {
    await using dns = await startDns({ zones, rules: [{ fault: "other_port" }] });
    expect(decodeDns(await ask(dns, www)).answers[0]?.data).toBe("192.0.2.7");
  });

  test("what is no query is answered as ever", async () => {
    await using dns = await startDns({ zones, rules: [{ fault: "drop_answer" }] });
    expect(decodeDns(await ask(dns, www.subarray(0, 20))).rcode).toBe("FORMERR");
  });
});

describe("the rules of startDns() over TCP:", () => {
  test("a client is reset, or hears SERVFAIL", needs("dig"), async () => {
    await using dns = await startDns({ zones });
    const dig = (...args: string[]): ReturnType<typeof runTool> =>
      runTool("dig", ["@127.0.0.1", "-p", String(dns.port), "+tcp", "+tries=1", ...args], { codes: [0, 9] });
    dns.rules.add({ fault: "reset_peer", on: /^query \d+ www/ }, { fault: "servfail", type: "MX" });
    expect((await dig("www.example.test")).stdout).toMatch(
      /connection reset|communications error|end of file/,
    );
    expect((await dig("example.test", "MX")).stdout).toContain("status: SERVFAIL");
    expect((await dig("+short", "alias.example.test", "CNAME")).stdout).toBe("www.example.test.\n");
  });
});

describe("written rules of startDns()", () => {
  const moved = `dialect: dns

(whenever first 1 times)
  C: query \${id:int} www.example.test. A...
  S: reply \${id} NOERROR aa www.example.test. A => 5 192.0.2.99
(end)
`;

  test("answer in place of the zone, as dig sees it", needs("dig"), async () => {
    using folder = scratch();
    await using dns = await startDns({ zones, rules: [folder.file("moved.exchange", moved)] });
    const short = async (): Promise<string> =>
      (await runTool("dig", ["@127.0.0.1", "-p", String(dns.port), "+short", "www.example.test"])).stdout;
    expect(await short()).toBe("192.0.2.99\n");
    expect(await short()).toBe("192.0.2.7\n");
    expect(dns.rules.list()).toMatchObject([{ title: "reply", met: 2, fired: 1 }]);
  });

  const unperformable = {
    "what it says is no answer": [
      moved.replace(/S: .*/, "S: hello"),
      "'hello' is neither 'query ID NAME TYPE [rd]' nor 'reply ID RCODE …'",
    ],
    "it has no value to say": [
      moved.replace(/S: reply \S+/, "S: reply ${unknown}"),
      "no value to send for 'unknown', give it a sample",
    ],
    "a value cannot be had when it is compared": [
      moved.replace("\n(", '\nlet unset = env("PORTSIDE_NEVER_SET")\n('),
      "the environment variable PORTSIDE_NEVER_SET is not set",
    ],
  } as const;

  test.for(Object.entries(unperformable))(
    "a rule that throws ends one answer over UDP: %s",
    async ([, [script, reason]]) => {
      using folder = scratch();
      await using dns = await startDns({ zones, rules: [folder.file("throws.exchange", script)] });
      const www = query("www.example.test", "A");
      const noted = new Promise((resolve) => dns.transcript.watch(resolve));
      await expect(ask(dns, www, { timeoutMs: 50 })).rejects.toThrow("no reply");
      expect(await noted).toMatchObject({ connection: 0, from: "*", text: `error: ${reason}` });
      expect(dns.queries()).toMatchObject([{ name: "www.example.test", type: "A" }]);
      dns.rules.clear();
      expect(decodeDns(await ask(dns, www)).answers[0]?.data).toBe("192.0.2.7");
    },
  );
});

test("a rule about a stream of bytes is refused, with what to do", async () => {
  await expect(startDns({ zones, rules: [{ fault: "latency", latencyMs: 5 }] })).rejects.toThrow(
    /rule needs on: the queries that "latency 5 ms" befalls/,
  );
});
