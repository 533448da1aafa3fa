import { describe, expect, test } from "vitest";
import { scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

describe("npm run web", () => {
  test("serves a folder at the addresses of its ready line, and closes on SIGTERM", async () => {
    using folder = scratch();
    folder.file("hello.txt", "hello", 0o644);
    await using server = run("web", ["--root", folder.path, "--listen", ":0", "--https-port", "0", "--json"]);
    const ready = JSON.parse(await server.said("stdout", /^.*\n/)) as { web: string; https: string };
    expect(ready.web).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(ready.https).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${ready.web}/hello.txt`)).text()).toBe("hello");
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stderr).toBe("");
  });

  test("without a folder answers with what was asked", async () => {
    await using server = run("web", ["--listen", ":0"]);
    const screen = await server.said("stdout", /Ctrl-C ends it/).then(() => server.stdout);
    const url = /http:\/\/\S+/.exec(screen)?.[0] ?? "";
    const asked = (await (await fetch(`${url}/a?b=c`, { method: "PUT", body: "d" })).json()) as object;
    expect(asked).toMatchObject({
      method: "PUT",
      path: "/a",
      query: { b: "c" },
      body: "d",
      version: "HTTP/1.1",
    });
  });

  test("--rules makes requests go wrong as a script says", async () => {
    using folder = scratch();
    const rules = [
      "dialect: line",
      "",
      "(whenever the 1st time)",
      "  C: GET /a HTTP/1.1",
      "  S: HTTP/1.1 503 Not Now",
      "  S: Content-Length: 0",
      "  S: ",
      "(end)",
      "",
    ];
    folder.file("web.exchange", rules.join("\n"), 0o644);
    await using server = run("web", ["--listen", ":0", "--json", "--rules", `${folder.path}/web.exchange`]);
    const { web } = JSON.parse(await server.said("stdout", /^.*\n/)) as { web: string };
    const statuses = [await fetch(`${web}/b`), await fetch(`${web}/a`), await fetch(`${web}/a`)];
    expect(statuses.map(({ status, statusText }) => `${status} ${statusText}`)).toEqual([
      "200 OK",
      "503 Not Now",
      "200 OK",
    ]);
  });

  test("says what to do about a root that is no folder", async () => {
    await using server = run("web", ["--root", "/nowhere", "--listen", ":0"]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(/root must be a folder; \/nowhere is not there\n$/);
  });
});
