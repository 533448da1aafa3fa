import { describe, expect, test } from "vitest";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

describe("npm run dns", () => {
  test(
    "says its address as one JSON object, answers dig from a zone file, and closes on SIGTERM",
    needs("dig"),
    async () => {
      using folder = scratch();
      const zone = folder.file("example.zone", "@ 60 MX 10 mail\nmail 60 A 192.0.2.25\n");
      await using server = run("dns", ["--listen", ":0", "--json", "--zone", `example.test=${zone}`]);
      const { dns = "" } = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
      const port = new URL(dns).port;
      const dig = await runTool("dig", ["@127.0.0.1", "-p", port, "+short", "example.test", "MX"]);
      expect(dig.stdout).toBe("10 mail.example.test.\n");
      server.signal("SIGTERM");
      expect(await server.ended).toBe(0);
      expect(server.stderr).toBe("");
    },
  );

  test("sends mail for anybody at test to this machine when it has no zone", needs("dig"), async () => {
    await using server = run("dns", ["--listen", ":0"]);
    const screen = await server.said("stdout", /Ctrl-C ends it/).then(() => server.stdout);
    const port = /dns:\/\/127\.0\.0\.1:(\d+)/.exec(screen)?.[1] ?? "";
    const dig = await runTool("dig", ["@127.0.0.1", "-p", port, "+short", "anybody.test", "MX"]);
    expect(dig.stdout).toBe("10 mail.test.\n");
  });

  test("takes --rules, and says which never fired", needs("dig"), async () => {
    using folder = scratch();
    const block = (name: string): string =>
      `(whenever)\n  C: query \${id:int} ${name} A...\n  S: reply \${id} REFUSED ${name} A\n(end)\n`;
    const rules = folder.file("no.exchange", block("no.test.") + block("never.test."));
    await using server = run("dns", ["--listen", ":0", "--json", "--rules", rules]);
    const { dns = "" } = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
    const dig = await runTool("dig", ["@127.0.0.1", "-p", new URL(dns).port, "no.test", "A"]);
    expect(dig.stdout).toContain("status: REFUSED");
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stderr).toMatch(/rule 2 .*never fired/);
    expect(server.stderr).not.toMatch(/rule 1 /);
  });

  test("says the file and the line of a mistake, and ends with 1", async () => {
    using folder = scratch();
    await using server = run("dns", [
      "--listen",
      ":0",
      "--zone",
      folder.file("bad.zone", "$ORIGIN x.test.\nwww A 1.2.3.4\n"),
    ]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toBe(
      "portside dns: bad.zone: line 2: the record has no TTL, and there is no $TTL\n",
    );
  });
});
