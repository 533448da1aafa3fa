import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startWebSocket } from "../../../servers/websocket/index.ts";
import type { FaultRule } from "../../../wire/exchange/rule.ts";
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

test.each(Object.entries(cases))("npm ws sees %s", async (_name, [rule, seen]) => {
  await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } });
  server.rules.add({ ...rule, on: "now" });
  const socket = new WebSocket(`${server.streamUrl}/echo`, { perMessageDeflate: false });
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
