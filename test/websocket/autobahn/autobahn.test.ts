import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WebSocket } from "ws";
import { describe, expect, test } from "vitest";
import { accepts, pathOf, portForOthers, type Scratch, scratch } from "../../peers/tools.ts";
import { peer, wsServer } from "../peer.ts";

/** A process of ours beside this file, and the lines that it says. */
function run(name: string, arg: string): AsyncDisposable & { line(): Promise<string> } {
  const file = fileURLToPath(new URL(`${name}-process.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, arg], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => String((await lines.next()).value),
    [Symbol.asyncDispose]: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

describe("the echo server for the fuzzing client", () => {
  test.each([false, true])("echoes 16 MiB, compressed: %s", async (perMessageDeflate) => {
    await using server = run("echo-server", "0");
    await using client = await peer(await server.line(), [], { perMessageDeflate });
    const text = "BAsd7&jh23".repeat(1_600_000);
    const bytes = Buffer.alloc(16 * 1024 * 1024, 0xfe);
    client.send(text);
    client.send(bytes);
    expect((await client.next()) === text).toBe(true);
    expect(bytes.equals((await client.next()) as Buffer)).toBe(true);
    expect(client.socket.extensions).toBe(perMessageDeflate ? "permessage-deflate" : "");
  });
});

describe("the echo client for the fuzzing server", () => {
  test("goes through all cases, whatever happens in them, and asks for the reports", async () => {
    const heard: string[] = [];
    await using server = await wsServer((socket, { url = "" }) => {
      const [, number = ""] = /^\/runCase\?case=(\d+)&agent=portside$/.exec(url) ?? [];
      if (url === "/getCaseCount") socket.send("3", () => socket.close(1000));
      else if (number === "") socket.close(1000);
      else fuzz(socket, number, heard);
    });
    await using client = run("echo-client", server.url);
    expect(await client.line()).toBe("3 cases");
    expect(heard).toEqual([
      "1: one",
      "1 ended with 1000",
      "2: one",
      "2 ended with 1007",
      "3 ended with 1006",
    ]);
    expect(server.requests.at(0)).toBe("/getCaseCount");
    expect(server.requests.at(-1)).toBe("/updateReports?agent=portside");
  });
});

/** Case 1 is over after an echo, case 2 breaks the rules behind a message, and case 3 is cut off. */
function fuzz(socket: WebSocket, number: string, heard: string[]): void {
  socket.on("message", (message: Buffer) => {
    heard.push(`${number}: ${message.toString()}`);
    if (number === "1") socket.close(1000);
  });
  socket.on("close", (code) => heard.push(`${number} ended with ${code}`));
  if (number === "3") socket.terminate();
  else socket.send("one");
  // A text that is not UTF-8.
  if (number === "2") socket.send(Buffer.of(0xff), { binary: false });
}

// The suite is in no package of Debian's: where it is not, these are left out, on CI too.
describe.skipIf(pathOf("wstest") === undefined)("Autobahn's wstest, groups 1 to 7, 9 and 10", () => {
  const groups = { cases: ["*"], "exclude-cases": ["12.*", "13.*"] };
  const good = { OK: 298, INFORMATIONAL: 3 };

  test("finds nothing to complain about in startWebSocket()", { timeout: 600_000 }, async () => {
    using folder = scratch();
    await using server = run("echo-server", "0");
    const servers = [{ agent: "portside", url: await server.line() }];
    const wstest = fuzzer(folder, "fuzzingclient", { ...groups, servers });
    expect(await once(wstest, "exit")).toEqual([0, null]);
    expect(behaviours(folder)).toEqual(good);
  });

  test("finds nothing to complain about in connectWebSocket()", { timeout: 600_000 }, async () => {
    using folder = scratch();
    const port = await portForOthers();
    const url = `ws://127.0.0.1:${port}`;
    const wstest = fuzzer(folder, "fuzzingserver", { ...groups, url });
    try {
      await expect.poll(() => accepts(port)).toBe(true);
      await using client = run("echo-client", url);
      expect(await client.line()).toBe("301 cases");
      expect(behaviours(folder)).toEqual(good);
    } finally {
      await ended(wstest);
    }
  });
});

function fuzzer(folder: Scratch, mode: string, spec: object): ChildProcess {
  const file = folder.file("spec.json", JSON.stringify({ ...spec, outdir: join(folder.path, "reports") }));
  const args = ["--mode", mode, "--spec", file, "--webport", "0"];
  return spawn(pathOf("wstest") ?? "wstest", args, { stdio: "ignore", cwd: folder.path });
}

/** How many cases ended how, the closing handshake counted with its case. */
function behaviours(folder: Scratch): Record<string, number> {
  const index = readFileSync(join(folder.path, "reports", "index.json"), "utf8");
  const { portside } = JSON.parse(index) as Record<string, Record<string, Record<string, string>>>;
  const counts: Record<string, number> = {};
  for (const { behavior = "", behaviorClose = "" } of Object.values(portside ?? {})) {
    const ends = behaviorClose === behavior ? behavior : `${behavior}, closed ${behaviorClose}`;
    counts[ends] = (counts[ends] ?? 0) + 1;
  }
  return counts;
}
