import { describe, expect, test } from "vitest";
import { connectGame } from "portside/clients/websocket";
import { makeCertificateAuthority } from "../../wire/certificate.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

describe("npm run game", () => {
  test("says its page and its stream as one JSON object, and closes on SIGTERM", async () => {
    await using server = run("game", ["--listen", ":0", "--json", "--points", "3"]);
    const ready = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
    expect(Object.keys(ready)).toEqual(["page", "stream"]);
    const page = await fetch(ready["page"]!);
    expect(await page.text()).toContain("<title>Pong");
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
    const ada = await connectGame({ url: ready["stream"]!, reconnects: false });
    expect(ada.welcome.pointsToWin).toBe(3);
    server.signal("SIGTERM");
    await ada.ended;
    expect(await server.ended).toBe(0);
    expect(server.stderr).toBe("");
  });

  test("--join plays against somebody, tells the points, and says who wins", async () => {
    await using server = run("game", ["--listen", ":0", "--json", "--points", "1", "--seed", "4"]);
    const { stream = "" } = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
    await using bot = run("game", ["--join", stream, "--name", "Deep"]);
    await bot.said("stdout", /Deep plays in Table 1/);
    await using ada = await connectGame({ url: stream, name: "Ada" });
    // She goes into the corner, and stays there.
    ada.steer(-1);
    const keepAway = setInterval(() => ada.steer(-1), 100);
    const { winner } = await ada.waitFor(({ phase }) => phase === "over", { timeoutMs: 50_000 });
    clearInterval(keepAway);
    expect(winner).toBe(0);
    await bot.said("stdout", /1 : 0\nDeep wins/);
    bot.signal("SIGINT");
    expect(await bot.ended).toBe(0);
  });

  test("--tls-cert and --tls-key make its addresses https: and wss:", needs("curl"), async () => {
    const authority = makeCertificateAuthority();
    const { cert, key } = authority.issue();
    using folder = scratch();
    const given = ["--tls-cert", folder.file("cert.pem", cert), "--tls-key", folder.file("key.pem", key)];
    for (const name of ["game", "ticker"]) {
      await using server = run(name, ["--listen", ":0", "--json", ...given]);
      const ready = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
      expect(ready).toMatchObject({
        page: expect.stringMatching(/^https:/),
        stream: expect.stringMatching(/^wss:/),
      });
      const ca = folder.file("ca.pem", authority.certificate);
      const page = await runTool("curl", ["-sS", "--cacert", ca, ready["page"]!]);
      expect(page.stdout).toContain("<!doctype html>");
    }
  });

  test("a server that is not there is one sentence, and ends with 1", async () => {
    await using bot = run("game", ["--join", "ws://127.0.0.1:1/stream"]);
    expect(await bot.ended).toBe(1);
    expect(bot.stderr).toMatch(/^portside game: .*127\.0\.0\.1:1.*\n$/);
  });
});
