import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askDns } from "../../clients/dns/index.ts";
import { parseZoneFile, startDns } from "../../servers/dns/index.ts";
import { needs, pathOf, portForOthers } from "../peers/tools.ts";

const file = `
$ORIGIN example.test.
$TTL 60
@       SOA ns hostmaster 1 3600 600 86400 30
        NS  ns
        MX  10 mail
        TXT "v=spf1 -all"
        CAA 0 issue "ca.test"
ns      A   127.0.0.1
mail    A   192.0.2.25
        AAAA 2001:db8::25
null    MX  0 .
www     A   192.0.2.7
alias   CNAME www
away    CNAME www.elsewhere.test.
*.wild  A   192.0.2.9
a.b.c   A   192.0.2.11
_smtp._tcp SRV 0 5 25 mail
4       PTR host
big     TXT ${Array.from({ length: 12 }, (_, n) => `"${String(n).padStart(100, "x")}"`).join(" ")}
sub     NS  ns.sub
ns.sub  A   192.0.2.99
`;

const questions = [
  ["example.test", "SOA"],
  ["example.test", "NS"],
  ["example.test", "MX"],
  ["example.test", "TXT"],
  ["example.test", "CAA"],
  ["example.test", "A"],
  ["mail.example.test", "A"],
  ["mail.example.test", "AAAA"],
  ["mail.example.test", "MX"],
  ["null.example.test", "MX"],
  ["WWW.Example.test", "A"],
  ["alias.example.test", "A"],
  ["alias.example.test", "CNAME"],
  ["alias.example.test", "MX"],
  ["away.example.test", "A"],
  ["x.wild.example.test", "A"],
  ["x.y.wild.example.test", "A"],
  ["x.wild.example.test", "MX"],
  ["wild.example.test", "A"],
  ["b.c.example.test", "A"],
  ["x.b.c.example.test", "A"],
  ["nothing.example.test", "A"],
  ["_smtp._tcp.example.test", "SRV"],
  ["4.example.test", "PTR"],
  ["big.example.test", "TXT"],
  ["www.sub.example.test", "A"],
  ["sub.example.test", "NS"],
  ["elsewhere.test", "A"],
] as const;

/** What two servers must agree on: the code, who is in charge, and the records of answer and authority. */
async function told(server: string, name: string, type: string): Promise<unknown> {
  const reply = await askDns({ server, name, type, transport: "tcp" });
  const print = (records: typeof reply.answers): string[] =>
    records
      .map((record) => `${record.name.toLowerCase()} ${record.ttl} ${record.type} ${record.data}`)
      .toSorted();
  // NSD adds the zone's NS to answers, which nobody needs; referrals and negative answers are compared.
  const authorities = reply.answers.length > 0 ? [] : print(reply.authorities);
  return {
    question: `${name} ${type}`,
    rcode: reply.rcode,
    aa: reply.flags.has("aa"),
    answers: print(reply.answers),
    authorities,
  };
}

describe("askDns()", () => {
  test("asks again over TCP when the answer was truncated", async () => {
    await using dns = await startDns({ zones: { "example.test": parseZoneFile(file) } });
    const reply = await askDns({ server: dns.url, name: "big.example.test", type: "TXT" });
    expect(reply.transport).toBe("tcp");
    expect(reply.answers[0]?.data.length).toBeGreaterThan(1_200);
  });

  test("does not hear an answer with another id, and says what it waited for", async () => {
    await using dns = await startDns({ zones: { "example.test": parseZoneFile(file) } });
    dns.rules.add({ fault: "wrong_id" });
    await expect(askDns({ server: dns.url, name: "www.example.test", timeoutMs: 20 })).rejects.toThrow(
      /TIMED_OUT asked 2 times for www\.example\.test A of dns:/,
    );
  });

  test("says that nobody listens", async () => {
    const dns = await startDns();
    await dns.close();
    await expect(askDns({ server: dns.url, name: "x.test" })).rejects.toThrow(/CONNECT_FAILED/);
    await expect(askDns({ server: dns.url, name: "x.test", transport: "tcp" })).rejects.toThrow(
      /CONNECT_FAILED/,
    );
  });
});

test("startDns() and NSD answer the same questions about the same zone the same", needs("nsd"), async () => {
  await using dns = await startDns({ zones: { "example.test": parseZoneFile(file) } });
  const folder = await mkdtemp(join(tmpdir(), "portside-nsd-"));
  await writeFile(join(folder, "example.zone"), file);
  const port = await portForOthers();
  await writeFile(
    join(folder, "nsd.conf"),
    `server:\n ip-address: 127.0.0.1@${port}\n username: ""\n chroot: ""\n zonesdir: ${folder}\n database: ""\n pidfile: ${folder}/nsd.pid\n xfrdfile: ${folder}/xfrd\n zonelistfile: ${folder}/zones\n cookie-secret-file: ""\nremote-control:\n control-enable: no\nzone:\n name: example.test\n zonefile: example.zone\n`,
  );
  const nsd = spawn(pathOf("nsd")!, ["-d", "-c", join(folder, "nsd.conf")], { stdio: "ignore" });
  try {
    const server = `dns://127.0.0.1:${port}`;
    await expect
      .poll(
        () =>
          askDns({ server, name: "example.test", type: "SOA", timeoutMs: 100, tries: 1 }).then(
            ({ rcode }) => rcode,
            () => "not yet",
          ),
        { timeout: 10_000 },
      )
      .toBe("NOERROR");
    for (const [name, type] of questions)
      expect(await told(dns.url, name, type)).toEqual(await told(server, name, type));
  } finally {
    const gone = once(nsd, "exit");
    nsd.kill();
    await gone;
    await rm(folder, { recursive: true, force: true });
  }
});
