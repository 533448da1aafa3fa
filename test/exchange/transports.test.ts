import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { playExchange, tryExchange } from "../../clients/exchange/index.ts";
import { serveExchange } from "../../servers/exchange/index.ts";
import { sharedAuthority, sharedLeaf } from "../../wire/certificate.ts";
import { prepare } from "../../wire/exchange/load.ts";
import { scratch } from "../peers/tools.ts";

const lines = prepare("(C connects)\nC: hello\nS: hello yourself\nC: bye\nS: bye\n", "lines.exchange");
const bytes = prepare(
  "(C connects)\nC raw: hello\nS raw: hello yourself\nC hex: 00 ff\nS hex: ff 00\n",
  "bytes.exchange",
);

test.each(["tcp", "tls", "ws", "wss", "irc", "ircs"])(
  "a script is served and played over %s",
  async (scheme) => {
    await using served = await serveExchange(lines, { scheme });
    expect(served.url).toMatch(new RegExp(`^${scheme}://127\\.0\\.0\\.1:\\d+`));
    await playExchange(lines, { target: served.url });
    expect((await served.done).failure).toBeUndefined();
  },
);

test("a script is served and played over a unix socket", async () => {
  using folder = scratch();
  await using served = await serveExchange(lines, { scheme: "unix", path: `${folder.path}/s` });
  expect(served.url).toBe(`unix:${folder.path}/s`);
  await playExchange(lines, { target: served.url });
  await served.done;
});

test("bytes are served and played over UDP, a datagram for each line", async () => {
  await using served = await serveExchange(bytes, { scheme: "udp" });
  await playExchange(bytes, { target: served.url });
  await served.done;
});

test("wss plays against npm ws, and only an authority that is trusted will do", async () => {
  const https = createServer(sharedLeaf());
  const server = new WebSocketServer({ server: https });
  server.on("connection", (socket) =>
    socket.on("message", (message: Buffer) =>
      socket.send(String(message) === "bye" ? "bye" : `${String(message)} yourself`),
    ),
  );
  https.listen(0, "127.0.0.1");
  await once(https, "listening");
  const target = `wss://127.0.0.1:${(https.address() as AddressInfo).port}/`;
  try {
    const { certificate: ca } = sharedAuthority();
    await playExchange(lines, { target, ca, serverName: "localhost" });
    await playExchange(lines, { target });
    const stranger = await tryExchange(lines, { target, ca: "" });
    expect(stranger.failure?.kind).toBe("tls");
  } finally {
    server.close();
    https.closeAllConnections();
    https.close();
  }
});
