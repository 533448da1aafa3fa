import { describe, expect, test } from "vitest";
import { askDns } from "../../clients/dns/index.ts";
import { startDns } from "../../servers/dns/index.ts";
import { decodeDns } from "../../wire/dns.ts";
import { crowdAt, heapBytes } from "../peers/crowd.ts";
import { needs, runTool } from "../peers/tools.ts";
import { ask, query } from "./ask.ts";
import { exampleZone } from "./example-zone.ts";

const zones = { "example.test": exampleZone };

describe("startDns() answers", () => {
  test("what Node's resolver asks", async () => {
    await using dns = await startDns({ zones });
    const resolver = dns.resolver();
    expect(await resolver.resolve4("www.example.test")).toEqual(["192.0.2.7"]);
    expect(await resolver.resolve6("www.example.test")).toEqual(["2001:db8::7"]);
    expect(await resolver.resolveMx("example.test")).toMatchObject([
      { priority: 10, exchange: "mail.example.test" },
    ]);
    expect(await resolver.resolveTxt("example.test")).toEqual([["v=spf1 -all"]]);
    expect(await resolver.resolveCname("alias.example.test")).toEqual(["www.example.test"]);
    expect(await resolver.resolve4("alias.example.test")).toEqual(["192.0.2.7"]);
    expect(await resolver.resolve4("anything.wild.example.test")).toEqual(["192.0.2.9"]);
    expect(await resolver.resolveSrv("_smtp._tcp.example.test")).toMatchObject([
      { priority: 0, weight: 5, port: 25, name: "mail.example.test" },
    ]);
    expect(await resolver.resolveCaa("example.test")).toMatchObject([{ critical: 0, issue: "ca.test" }]);
    expect((await resolver.resolveSoa("example.test")).nsname).toBe("ns.example.test");
    await expect(resolver.resolve4("nothing.example.test")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolve4("mail2.example.test")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("elsewhere.test")).rejects.toMatchObject({ code: "EREFUSED" });
  });

  test("negative questions with the SOA, and names between names with no data", async () => {
    await using dns = await startDns({ zones });
    for (const [name, rcode] of [
      ["nothing.example.test", "NXDOMAIN"],
      ["mail2.example.test", "NOERROR"],
      ["wild.example.test", "NOERROR"],
    ] as const) {
      const reply = decodeDns(await ask(dns, query(name, "A")));
      expect([
        name,
        reply.rcode,
        reply.answers.length,
        reply.authorities.map(({ type, ttl }) => [type, ttl]),
      ]).toEqual([name, rcode, 0, [["SOA", 30]]]);
      expect(reply.flags.has("aa")).toBe(true);
    }
  });

  test("in the case of letters that it was asked in", async () => {
    await using dns = await startDns({ zones });
    for (const name of ["wWw.eXample.TEST.", "WWW.example.test."]) {
      const reply = decodeDns(await ask(dns, query(name, "A")));
      expect(reply.questions[0]?.name).toBe(name);
      expect(reply.answers[0]).toMatchObject({ name, data: "192.0.2.7" });
    }
  });

  test("ANY with one small record (RFC 8482), and no zone transfers", async () => {
    await using dns = await startDns({ zones });
    expect(decodeDns(await ask(dns, query("example.test", "ANY"))).answers.map(({ type }) => type)).toEqual([
      "HINFO",
    ]);
    expect(decodeDns(await ask(dns, query("example.test", "AXFR"))).rcode).toBe("REFUSED");
  });

  test("unknown types as they were given (RFC 3597)", async () => {
    await using dns = await startDns({ zones: { "x.test": { "@": { TYPE731: "\\# 3 abcdef" } } } });
    expect(decodeDns(await ask(dns, query("x.test", "TYPE731"))).answers[0]?.data).toBe("\\# 3 abcdef");
  });

  test("a delegation with a referral and its glue", async () => {
    await using dns = await startDns({
      zones: { "x.test": { sub: { NS: "ns.sub" }, "ns.sub": { A: "192.0.2.53" } } },
    });
    const reply = decodeDns(await ask(dns, query("www.sub.x.test", "A")));
    expect(reply.flags.has("aa")).toBe(false);
    expect(reply.authorities.map(({ data }) => data)).toEqual(["ns.sub.x.test."]);
    expect(reply.additionals.map(({ data }) => data)).toEqual(["192.0.2.53"]);
  });

  test("an alias that leads in a circle", async () => {
    await using dns = await startDns({ zones: { "x.test": { a: { CNAME: "b" }, b: { CNAME: "a" } } } });
    expect(decodeDns(await ask(dns, query("a.x.test", "A"))).rcode).toBe("NOERROR");
  });

  test("from a zone that changed a moment ago", async () => {
    await using dns = await startDns({ zones });
    const resolver = dns.resolver();
    await resolver.resolve4("www.example.test");
    dns.setZone("example.test", { www: { A: "192.0.2.8" } });
    expect(await resolver.resolve4("www.example.test")).toEqual(["192.0.2.8"]);
    dns.removeZone("example.test");
    await expect(resolver.resolve4("www.example.test")).rejects.toMatchObject({ code: "EREFUSED" });
  });
});

describe("startDns() bounds its answers:", () => {
  const large = {
    "big.test": { "@": { TXT: Array.from({ length: 40 }, (_, n) => `"${String(n).padStart(60, "x")}"`) } },
  };

  test("what is too large for UDP is truncated, and Node asks again over TCP", async () => {
    await using dns = await startDns({ zones: large });
    const reply = decodeDns(await ask(dns, query("big.test", "TXT")));
    expect(reply.flags.has("tc")).toBe(true);
    expect(reply.answers).toEqual([]);
    expect(await dns.resolver().resolveTxt("big.test")).toHaveLength(40);
    expect(dns.queries().map(({ transport }) => transport)).toContain("tcp");
  });

  test.for([
    [512, 512],
    [900, 900],
    [4_096, 1_232],
  ] as const)("a client that takes %i bytes is sent at most %i", async ([takes, most]) => {
    await using dns = await startDns({
      zones: {
        "b.test": { "@": { TXT: Array.from({ length: 13 }, (_, n) => `"${String(n).padStart(60, "x")}"`) } },
      },
    });
    const bytes = await ask(dns, query("b.test", "TXT", { ednsBytes: takes }));
    expect(bytes.length).toBeLessThanOrEqual(most);
    expect(decodeDns(bytes).additionals[0]?.type).toBe("OPT");
  });

  test("EDNS of a version that does not exist yet is told BADVERS", async () => {
    await using dns = await startDns({ zones });
    const bytes = await ask(dns, query("www.example.test", "A", { ednsBytes: 1_232, ednsVersion: 1 }));
    // The upper bits of the code stand in the TTL field of OPT.
    expect(bytes.at(-6)).toBe(1);
  });

  test("responses, runts and garbage get none, or FORMERR, and hurt nobody", async () => {
    await using dns = await startDns({ zones });
    const response = query("www.example.test", "A");
    response[2]! |= 0x80;
    for (const bytes of [response, Buffer.from("hello"), Buffer.alloc(0), Buffer.alloc(500, 0xff)]) {
      await expect(ask(dns, bytes, { timeoutMs: 30 })).rejects.toThrow("no reply");
    }
    const cut = query("www.example.test", "A").subarray(0, 20);
    expect(decodeDns(await ask(dns, cut)).rcode).toBe("FORMERR");
    const notify = query("www.example.test", "A");
    notify[2] = 0x20;
    expect(decodeDns(await ask(dns, notify)).rcode).toBe("NOTIMP");
    expect(decodeDns(await ask(dns, query("www.example.test", "A"))).rcode).toBe("NOERROR");
  });

  test("answers to one address each second", async () => {
    await using dns = await startDns({ zones, maxAnswersPerSecond: 2 });
    await ask(dns, query("www.example.test", "A"));
    await ask(dns, query("www.example.test", "A"));
    await expect(ask(dns, query("www.example.test", "A"), { timeoutMs: 30 })).rejects.toThrow("no reply");
    expect(dns.queries().at(-1)?.faults).toEqual(["rate limit"]);
  });
});

describe("startDns() remembers", () => {
  test("queries, and a test can wait for one", async () => {
    await using dns = await startDns({ zones });
    const waiting = dns.waitForQuery("example.test", "MX");
    await dns.resolver().resolveMx("EXAMPLE.test");
    expect(await waiting).toMatchObject({
      name: "example.test",
      type: "MX",
      rcode: "NOERROR",
      answers: ["10 mail.example.test."],
      transport: "udp",
    });
    await expect(dns.waitForQuery("other.test", "A", { timeoutMs: 20 })).rejects.toThrow(
      /TIMED_OUT .*other\.test A.*\n {2}example\.test MX/s,
    );
  });
});

test("10,000 idle TCP connections cost little, and others are served", { timeout: 60_000 }, async () => {
  await using dns = await startDns({ zones, maxConnections: 20_000 });
  const before = heapBytes();
  await using _crowd = await crowdAt(dns.port, 10_000);
  const overTcp = await askDns({ server: dns.url, name: "www.example.test", transport: "tcp" });
  expect(overTcp.answers.map(({ data }) => data)).toEqual(["192.0.2.7"]);
  expect(await dns.resolver().resolve4("www.example.test")).toEqual(["192.0.2.7"]);
  expect((heapBytes() - before) / 10_000).toBeLessThan(8_192);
});

describe("other people's clients", () => {
  test("kdig asks over UDP and TCP, with and without EDNS", needs("kdig"), async () => {
    await using dns = await startDns({ zones });
    const kdig = async (...args: string[]): Promise<string> =>
      (await runTool("kdig", ["@127.0.0.1", "-p", String(dns.port), ...args])).stdout;
    expect(await kdig("+short", "MX", "example.test")).toBe("10 mail.example.test.\n");
    expect(await kdig("+tcp", "+short", "alias.example.test")).toBe("www.example.test.\n192.0.2.7\n");
    const missing = await kdig("+edns", "nothing.example.test");
    expect(missing).toContain("status: NXDOMAIN");
    expect(missing).toContain("Version: 0; flags: ; UDP size: 1232 B");
    expect(await kdig("-t", "ANY", "example.test")).toContain('"RFC8482"');
  });

  test("dig asks over UDP and TCP", needs("dig"), async () => {
    await using dns = await startDns({ zones });
    const dig = async (...args: string[]): Promise<string> =>
      (await runTool("dig", ["@127.0.0.1", "-p", String(dns.port), ...args])).stdout;
    expect(await dig("+short", "www.example.test")).toBe("192.0.2.7\n");
    expect(await dig("+short", "+tcp", "MX", "example.test")).toBe("10 mail.example.test.\n");
    const full = await dig("+noedns", "nothing.example.test");
    expect(full).toContain("status: NXDOMAIN");
    expect(full).toMatch(/AUTHORITY SECTION:\nexample\.test\.\s+30\s+IN\s+SOA/);
    expect(await dig("www.example.test")).toContain(
      "flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1",
    );
    expect(
      await dig(
        "+tcp",
        "+keepopen",
        "+short",
        "www.example.test",
        "+tcp",
        "+keepopen",
        "+short",
        "alias.example.test",
      ),
    ).toContain("www.example.test.");
  });
});
