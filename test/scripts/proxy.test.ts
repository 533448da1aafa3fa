import { describe, expect, test } from "vitest";
import { needs, runTool } from "../peers/tools.ts";
import { startOrigin } from "../proxy/origin.ts";
import { run } from "./spawned.ts";

describe("npm run proxy", () => {
  test(
    "says its addresses, leads curl there, makes a toxic port, and closes on SIGTERM",
    needs("curl"),
    async () => {
      await using origin = await startOrigin();
      const flags = ["--listen", ":0", "--control", ":0", "--json", "--user", "ann:secret"];
      await using server = run("proxy", flags);
      const ready = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
      expect(Object.keys(ready)).toEqual(["proxy", "socks", "control"]);
      for (const where of [ready["proxy"]!, ready["socks"]!]) {
        const curl = ["-sS", "--noproxy", "", "-x", where, "-U", "ann:secret", origin.url];
        expect(JSON.parse((await runTool("curl", curl)).stdout)).toMatchObject({ method: "GET" });
      }
      const made = await fetch(`${ready["control"]}/proxies`, {
        method: "POST",
        headers: { "user-agent": "test" },
        body: JSON.stringify({ name: "web", upstream: origin.authority }),
      });
      const { listen } = (await made.json()) as { readonly listen: string };
      const answer = await fetch(`http://${listen}/through`);
      expect(await answer.json()).toMatchObject({ url: "/through" });
      server.signal("SIGTERM");
      expect(await server.ended).toBe(0);
      expect(server.stderr).toBe("");
    },
  );

  test.each([
    [["--listen", "0.0.0.0:0"], /^portside proxy: startProxy: on 0\.0\.0\.0 everybody could go anywhere; /],
    [["--user", "secret"], /^portside proxy: --user needs NAME:PASSWORD\n$/],
    [["--upstream", "ftp://x"], /^portside proxy: a proxy is written http:\/\/host:port, /],
    [["--allow", "a b"], /^portside proxy: startProxy: allow has "a b"; /],
  ])("%j is one sentence, and exit code 1", async (flags, complaint) => {
    await using server = run("proxy", ["--listen", ":0", "--control", ":0", ...flags]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(complaint);
  });
});
