import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:https";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { playExchange } from "../../clients/exchange/index.ts";
import { serveExchange, startRecorder } from "../../servers/exchange/index.ts";
import { sharedLeaf } from "../../wire/certificate.ts";
import { needs, python, runTool, scratch } from "../peers/tools.ts";
import { startDnsmasq } from "./peers/peers.ts";

interface Server extends AsyncDisposable {
  readonly url: string;
}

interface Conversation {
  readonly needs: readonly string[];
  readonly start: () => Promise<Server>;
  /** What somebody else's client heard at this URL. */
  readonly run: (url: string, ca: string) => Promise<string>;
  /** What must stand in the script, in this order. */
  readonly has: readonly (string | RegExp)[];
  readonly hasNot?: RegExp;
}

/** npm `ws`, which says back what it hears, greets, and pings. */
async function startEcho(isSecure: boolean): Promise<Server> {
  const { cert, key } = sharedLeaf();
  const http = isSecure ? createSecureServer({ cert, key }) : undefined;
  http?.listen(0, "127.0.0.1");
  const server = new WebSocketServer(
    http ? { server: http } : { port: 0, host: "127.0.0.1", perMessageDeflate: true },
  );
  server.on("connection", (socket, { url }) => {
    socket.on("message", (message, isBinary) => socket.send(message as Buffer, { binary: isBinary }));
    socket.on("error", () => {});
    socket.ping("are you there");
    socket.send(`welcome to ${url}`);
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${isSecure ? "wss" : "ws"}://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
      http?.close();
    },
  };
}

const webSocketClient = `
import asyncio, ssl, sys, websockets
async def main(url, ca):
    options = {"ssl": ssl.create_default_context(cafile=ca)} if url.startswith("wss") else {}
    async with websockets.connect(url, **options) as socket:
        print(await socket.recv())
        for said in ["grüezi", '{"a": [1, "two\\\\n"]}', " blanks ", b"\\x00\\xff bytes", ""]:
            await socket.send(said)
            print(repr(await socket.recv()))
        await (await socket.ping(b"ping"))
        await socket.close(4002, "so long")
    print(socket.close_code, socket.close_reason)
asyncio.run(main(*sys.argv[1:]))
`;

async function talk(url: string, ca: string): Promise<string> {
  const named = url.replace("127.0.0.1", "localhost").replace(/\/$/, "/room?of=echo");
  return (await runTool(python, ["-c", webSocketClient, named, ca])).stdout;
}

const datagramClient = `
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(5)
client.connect(("127.0.0.1", int(sys.argv[1])))
for said in [b"two\\nlines", b"\\x00\\x01\\xfe", b"..."]:
    client.send(said)
    print(client.recv(1000))
`;

async function startDatagramEcho(): Promise<Server> {
  const socket = createSocket("udp4");
  socket.on("message", (bytes, { port, address }) => socket.send(bytes, port, address));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    url: `udp://127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A server without a protocol of ours, which answers a request and ends. */
async function startStream(answer: string | Buffer, greeting = ""): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.write(greeting);
    // curl says the selector and the end of its line in two writes.
    socket.on("data", (bytes) => {
      if (bytes.includes("\n")) socket.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const gopher = async (url: string): Promise<string> =>
  (await runTool("curl", ["-sS", `${url.replace("tcp:", "gopher:")}/1/menu`])).stdout;
const dig = async (url: string, ...args: string[]): Promise<string> => {
  const where = ["@127.0.0.1", "-p", new URL(url).port, "+tries=1", "+time=5"];
  return (await runTool("dig", [...where, "+noall", "+answer", "+comments", ...args])).stdout;
};
/** Without what differs each time, and without EDNS, of which the words of a script do not tell. */
const plain = (said: string): string =>
  said.replaceAll(/id: \d+|, ADDITIONAL: \d|^; (?:COOKIE|EDNS).*\n|;; .*PSEUDO.*\n/gm, "").trim();

const promptedClient = `
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print(client.recv(100))
client.send(b"me" + bytes([10]))
print(client.recv(100))
`;

const conversations: Record<string, Conversation> = {
  "Python's websockets and npm ws": {
    needs: [python],
    start: () => startEcho(false),
    run: talk,
    has: [
      /target: ws:\/\/127\.0\.0\.1:\d+\/room\?of=echo\n\n\(C connects\)\n/,
      "S: welcome to /room?of=echo\nC: grüezi\nS: grüezi\n",
      'C: {"a": [1, "two\\n"]}',
      'C:  blanks${" "}',
      'C binary: ${"\\0\\xff"} bytes',
      "C close: 4002 so long\nS close: 4002",
    ],
    hasNot: /ping|GET|raw:/,
  },
  "the same over TLS": {
    needs: [python],
    start: () => startEcho(true),
    run: talk,
    has: [/target: wss:\/\//, "S close: 4002"],
  },
  "dig and dnsmasq": {
    needs: ["dig", "dnsmasq"],
    start: startDnsmasq,
    run: async (url) => plain(await dig(url, "www.example.test", "A")),
    has: [
      /\n\n\(C connects\)\nC: query \$\{id:int=\d+\} www\.example\.test\. A rd ad\n/,
      /S: reply \$\{id\} NOERROR aa ra .*www\.example\.test\. A => \$\{:int=60\} 192\.0\.2\.7\n$/,
    ],
  },
  "dig and a name that dnsmasq does not have": {
    needs: ["dig", "dnsmasq"],
    start: startDnsmasq,
    run: async (url) => plain(await dig(url, "nothing.example.test", "MX")),
    has: [/S: reply \$\{id\} NXDOMAIN .*nothing\.example\.test\. MX\n$/],
  },
  "a Python socket and an echo of datagrams": {
    needs: [python],
    start: startDatagramEcho,
    run: async (url) => (await runTool(python, ["-c", datagramClient, new URL(url).port])).stdout,
    has: ['C: two${"\\n"}lines', "C hex: 00 01 fe\nS hex: 00 01 fe\n", 'C: ${"..."}'],
  },
  "curl and a gopher hole, in lines": {
    needs: ["curl"],
    start: () => startStream("iWelcome\t\tnull\t0\r\n1bare LF\n.\r\n"),
    run: gopher,
    has: ["C: /menu\nS: iWelcome", 'S raw: 1bare LF${"\\n"}\nS: .\n(S closes)'],
    hasNot: /dialect/,
  },
  "a Python socket and a server that prompts without the end of a line": {
    needs: [python],
    start: () => startStream("half a line", "login: "),
    run: async (url) => (await runTool(python, ["-c", promptedClient, new URL(url).port])).stdout,
    has: ["dialect: raw\n", 'S raw: login:${" "}\nC raw: me${"\\n"}\nS raw: half a line\n'],
  },
  "curl and a server that says bytes": {
    needs: ["curl"],
    start: () => startStream(Buffer.from([0, 1, 2, 255])),
    run: gopher,
    has: ["dialect: raw\n", "S file: recorded.stretch2.bin"],
  },
};

describe("what was recorded plays against the server and is served to the client, unedited:", () => {
  for (const [name, { needs: tools, start, run, has, hasNot }] of Object.entries(conversations)) {
    test(name, needs(...tools), async () => {
      using folder = scratch();
      const out = join(folder.path, "recorded.exchange");
      await using server = await start();
      let seen: string;
      let ca: string;
      {
        await using recorder = await startRecorder({ target: server.url, out });
        ca = folder.file("ca.pem", recorder.ca);
        seen = await run(recorder.url, ca);
        await recorder.close();
        expect(await recorder.files()).toEqual([out]);
      }
      const script = readFileSync(out, "utf8");
      for (const part of has) {
        if (typeof part === "string") expect(script).toContain(part);
        else expect(script).toMatch(part);
      }
      if (hasNot) expect(script).not.toMatch(hasNot);
      // Its target is the server that was recorded, with the path that the client asked for.
      await playExchange(out);
      await using served = await serveExchange(out);
      expect(await run(served.url, ca)).toBe(seen);
      await served.done;
    });
  }
});
