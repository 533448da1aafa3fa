import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { startInterposer } from "../../../servers/exchange/index.ts";
import { startWebSocket } from "../../../servers/websocket/index.ts";
import type { FaultRule, Rules } from "../../../wire/exchange/rule.ts";
import { needs, python, runTool } from "../../peers/tools.ts";
import { echo } from "../../websocket/peer.ts";
import type { frameFaults } from "./elsewhere.ts";

interface Seen {
  /** Of the error that npm `ws` tells, if it tells one. */
  readonly error?: string;
  readonly code: number;
}

const cases: Record<(typeof frameFaults)[number], readonly [rule: FaultRule, seen: Seen]> = {
  bad_opcode: [{ fault: "bad_opcode" }, { error: "WS_ERR_INVALID_OPCODE", code: 1002 }],
  masked_server_frame: [{ fault: "masked_server_frame" }, { error: "WS_ERR_UNEXPECTED_MASK", code: 1002 }],
  rsv_bit: [{ fault: "rsv_bit" }, { error: "WS_ERR_UNEXPECTED_RSV_1", code: 1002 }],
  oversized_control: [
    { fault: "oversized_control" },
    { error: "WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH", code: 1002 },
  ],
  close_code: [{ fault: "close_code", code: 4001, reason: "no" }, { code: 4001 }],
  drop_without_close: [{ fault: "drop_without_close" }, { code: 1006 }],
};

/** A server of ours, or one of npm `ws` with an interposer before it. */
async function startFaulty(
  place: "server" | "interposer",
  rules: readonly (FaultRule | string)[],
): Promise<AsyncDisposable & { readonly url: string; readonly rules: Rules }> {
  if (place === "server") {
    const server = await startWebSocket({ "/": { doors: { "/echo": echo } } });
    server.rules.add(...rules);
    const url = `${server.streamUrl}/echo`;
    return { url, rules: server.rules, [Symbol.asyncDispose]: () => server.close() };
  }
  const behind = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: true });
  behind.on("connection", (socket) => {
    socket.on("message", (message, isBinary) => socket.send(message as Buffer, { binary: isBinary }));
    socket.on("error", () => {});
  });
  await once(behind, "listening");
  const { port } = behind.address() as AddressInfo;
  const middle = await startInterposer({ target: `ws://127.0.0.1:${port}/echo`, rules });
  return {
    url: middle.url,
    rules: middle.rules,
    [Symbol.asyncDispose]: async () => {
      await middle.close({ graceMs: 0 });
      for (const client of behind.clients) client.terminate();
      await new Promise((resolve) => behind.close(resolve));
    },
  };
}

/** Pings twice a second, and takes silence for death. Messages go through all the same. */
const keptAlive = `
import asyncio, sys, websockets
async def main(url):
    async with websockets.connect(url, ping_interval=0.2, ping_timeout=0.2) as socket:
        try:
            await asyncio.wait_for(await socket.ping(), 0.2)
            print("pong heard")
        except asyncio.TimeoutError:
            await socket.send("said")
            print(await socket.recv())
            try:
                await socket.recv()
            except websockets.ConnectionClosed as closed:
                print(closed)
asyncio.run(main(sys.argv[1]))
`;

describe.each(["server", "interposer"] as const)("in the %s:", (place) => {
  test.each(Object.entries(cases))("npm ws sees %s", async (_name, [rule, seen]) => {
    await using server = await startFaulty(place, [{ ...rule, on: "now" }]);
    const socket = new WebSocket(server.url);
    let error: string | undefined;
    socket.on("error", (cause: Error & { code?: string }) => (error ??= cause.code));
    await once(socket, "open");
    socket.send("before");
    expect(String((await once(socket, "message"))[0])).toBe("before");
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    socket.send("now");
    const code = await closed;
    // What `ws` gives as the code after a complaint of its own depends on who is faster.
    if (seen.error === undefined) expect(code).toBe(seen.code);
    else expect(error).toBe(seen.error);
    expect(server.rules.list()).toMatchObject([{ met: 1, fired: 1 }]);
  });

  test("Python's websockets gives up on a server that sees no_pong", needs(python), async () => {
    await using server = await startFaulty(place, []);
    expect((await runTool(python, ["-c", keptAlive, server.url])).stdout).toBe("pong heard\n");
    server.rules.add({ fault: "no_pong" });
    expect((await runTool(python, ["-c", keptAlive, server.url])).stdout).toMatch(
      /^said\nsent 1011 .*keepalive ping timeout; no close frame received/,
    );
    expect(server.rules.list()).toMatchObject([{ fired: 1, title: "no pong" }]);
  });

  test("a rule changes one message, and pings, bytes and the goodbye go through", async () => {
    const rule = "(whenever)\n  C: hello ${name:word}\n  S: not today, ${name}\n(end)\n";
    await using server = await startFaulty(place, [rule]);
    const socket = new WebSocket(server.url);
    const heard: string[] = [];
    socket.on("message", (message: Buffer, isBinary) =>
      heard.push(`${isBinary ? "binary " : ""}${String(message)}`),
    );
    await once(socket, "open");
    socket.send("hello ann");
    socket.send("hello");
    socket.send(Buffer.from("hello bob"));
    socket.ping("hello cy");
    expect(String((await once(socket, "pong"))[0])).toBe("hello cy");
    while (heard.length < 3) await once(socket, "message");
    expect(heard).toEqual(["not today, ann", "hello", "binary hello bob"]);
    socket.close(4002, "bye");
    expect((await once(socket, "close"))[0]).toBe(4002);
  });
});
