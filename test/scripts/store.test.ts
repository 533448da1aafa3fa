import { describe, expect, test } from "vitest";
import { talkTo } from "../store/talk.ts";
import { scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

describe("npm run store", () => {
  test("says its address as one JSON object, and keeps what it was told in its folder", async () => {
    using folder = scratch();
    const flags = ["--listen", ":0", "--json", "--file", folder.path, "--fsync", "always"];
    for (const expected of [null, "hello"]) {
      await using server = run("store", flags);
      const { store = "" } = JSON.parse(await server.said("stdout", /^.*\n/)) as Record<string, string>;
      await using talk = await talkTo({ port: Number(new URL(store).port) });
      expect(await talk.say("GET", "greeting")).toBe(expected);
      expect(await talk.say("SET", "greeting", "hello")).toBe("OK");
      server.signal("SIGTERM");
      expect(await server.ended).toBe(0);
      expect(server.stderr).toBe("");
    }
  });

  test("says what is wrong with a flag, and what to do", async () => {
    await using server = run("store", ["--fsync", "sometimes"]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toBe('portside store: --fsync is "sometimes"; give always or everysec or no\n');
  });

  test("does not listen for others without a password", async () => {
    await using server = run("store", ["--listen", "0.0.0.0:0"]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(/host 0\.0\.0\.0 can be reached by others/);
  });
});
