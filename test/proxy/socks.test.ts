import { once } from "node:events";
import { createSocket, type Socket } from "node:dgram";
import { describe, expect, test } from "vitest";
import { startProxy } from "../../servers/proxy/index.ts";
import { needs, python, runTool } from "../peers/tools.ts";
import { Bytes, hex, hexPort } from "./bytes.ts";
import { startEcho } from "./origin.ts";

const loopback = "7f000001";
/** RFC 1928 section 6: version, reply, reserved, an address of IPv4 and a port. */
const refusal = (code: string): string => `05${code}0001000000000000`;

describe("SOCKS 5 by bytes", () => {
  test("CONNECT to IPv4, IPv6 and a name; what came early goes to the target", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy({ lookup: () => Promise.resolve(["127.0.0.1"]) });
    const name = Buffer.from("echo.test").toString("hex");
    for (const address of [`01${loopback}`, `0309${name}`, `0400000000000000000000ffff${loopback}`]) {
      using client = await Bytes.to(proxy, hex(`050100 050100${address}${hexPort(echo)} 6869`));
      expect(await client.hex(2)).toBe("0500");
      expect(await client.hex(8)).toBe(`05000001${loopback}`);
      await client.hex(2);
      expect(await client.text(2)).toBe("hi");
    }
    expect(proxy.requests().map(({ host, address }) => [host, address])).toEqual([
      ["127.0.0.1", "127.0.0.1"],
      ["echo.test", "127.0.0.1"],
      ["::ffff:7f00:1", "127.0.0.1"],
    ]);
  });

  test("the codes of its refusals", async () => {
    await using echo = await startEcho();
    const closed = await closedPort();
    const lookup = async (name: string): Promise<string[]> => {
      if (name === "nowhere.test") throw new Error("not found");
      return await Promise.resolve(["8.8.8.8"]);
    };
    await using proxy = await startProxy({ lookup });
    const target = `01${loopback}${hexPort(echo)}`;
    const name = (text: string): string =>
      `03${Buffer.from(text).length.toString(16).padStart(2, "0")}${Buffer.from(text).toString("hex")}0050`;
    for (const [request, reply] of [
      [`050200${target}`, refusal("07")],
      [`050900${target}`, refusal("07")],
      ["0501000901020304", refusal("08")],
      [`05010001${loopback}${hexPort({ port: closed })}`, refusal("05")],
      [`050100${name("nowhere.test")}`, refusal("04")],
      [`050100${name("public.test")}`, refusal("02")],
      [`050100${name("no name\0")}`, refusal("04")],
    ] as const) {
      using client = await Bytes.to(proxy, hex(`050100${request}`));
      await client.hex(2);
      expect(await client.hex(10), request).toBe(reply);
      expect(await client.rest()).toBe("");
    }
    expect((await proxy.waitForRequest({ isRefused: true, port: echo.port })).refusal).toBe(
      "BIND is not served",
    );
  });

  test("byte by byte, and a wrong version in the middle ends it", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy({ users: { ann: "secret" } });
    using client = await Bytes.to(proxy);
    const login = `01 03${Buffer.from("ann").toString("hex")} 06${Buffer.from("secret").toString("hex")}`;
    for (const byte of hex(`05020002 ${login} 05010001${loopback}${hexPort(echo)}`))
      client.send(Buffer.of(byte));
    expect(await client.hex(8)).toBe("0502010005000001");
    using wrong = await Bytes.to(proxy, hex(`050102 ${login} 04`));
    expect(await wrong.hex(4)).toBe("05020100");
    expect(await wrong.rest()).toBe("");
  });

  test("asks for the password whatever the client would rather have", async () => {
    await using proxy = await startProxy({ users: { ann: "secret" } });
    using without = await Bytes.to(proxy, hex("050100"));
    expect(await without.hex(2)).toBe("05ff");
    expect(await without.rest()).toBe("");
    using wrong = await Bytes.to(proxy, hex("05020002 0103616e6e0377726f"));
    wrong.send(hex("6e67"));
    expect(await wrong.hex(4)).toBe("05020101");
    expect(await wrong.rest()).toBe("");
    using four = await Bytes.to(proxy, hex(`0401 0050 ${loopback} 616e6e00`));
    expect(await four.hex(8)).toBe("005b000000000000");
    expect(await four.rest()).toBe("");
  });
});

describe("UDP ASSOCIATE", () => {
  test("leads datagrams there and back for the client alone, as long as its connection", async () => {
    using target = await udpEcho();
    await using proxy = await startProxy();
    using control = await Bytes.to(proxy, hex("050100 05030001000000000000"));
    expect(await control.hex(10)).toBe(`050005000001${loopback}`);
    const port = Number.parseInt(await control.hex(2), 16);
    using client = await udp();
    const there = `01${loopback}${hexPort(target)}`;
    expect(await client.ask(port, hex(`000000${there}6869`))).toBe(`000000${there}6869`);
    // A fragment and a target that is not allowed: nothing comes back, and what follows does.
    client.send(port, hex(`000001${there}6e6f`));
    client.send(port, hex("000000 01 08080808 0035 6e6f"));
    expect(await client.ask(port, hex(`000000${there}796573`))).toBe(`000000${there}796573`);
    // Another program on the same machine is not the client.
    using stranger = await udp();
    stranger.send(port, hex(`000000${there}787878`));
    expect(await client.ask(port, hex(`000000${there}6f6b`))).toBe(`000000${there}6f6b`);
    expect(target.heard).toEqual(["hi", "yes", "ok"]);
    const request = await proxy.waitForRequest({ protocol: "socks5 udp" });
    expect([request.bytesFromClient, request.bytesFromTarget]).toEqual([9, 7]);
    control.socket.end();
    await request.ended;
    expect(proxy.transcript.text()).toContain("8.8.8.8:53 is not allowed here");
  });

  test("with faults: a duplicate, and one that never comes", async () => {
    using target = await udpEcho();
    await using proxy = await startProxy({ datagramFaults: [{ do: "duplicate", from: "client", times: 1 }] });
    using control = await Bytes.to(proxy, hex("050100 05030001000000000000"));
    await control.hex(10);
    const port = Number.parseInt(await control.hex(2), 16);
    using client = await udp();
    const there = `000000 01${loopback}${hexPort(target)}`;
    expect(await client.ask(port, hex(`${there} 61`))).toBe(await client.answer());
    proxy.addDatagramFault({ do: "drop", from: "client", times: 1 });
    client.send(port, hex(`${there} 62`));
    await client.ask(port, hex(`${there} 63`));
    expect(target.heard).toEqual(["a", "a", "c"]);
  });

  test("Python's own sockets", needs(python), async () => {
    using target = await udpEcho();
    await using proxy = await startProxy({ users: { ann: "secret" } });
    const program = [
      "import socket, struct, sys",
      "proxy, target = int(sys.argv[1]), int(sys.argv[2])",
      "tcp = socket.create_connection(('127.0.0.1', proxy))",
      "tcp.sendall(b'\\x05\\x01\\x02'); assert tcp.recv(2) == b'\\x05\\x02'",
      "tcp.sendall(b'\\x01\\x03ann\\x06secret'); assert tcp.recv(2) == b'\\x01\\x00'",
      "tcp.sendall(b'\\x05\\x03\\x00\\x01' + bytes(6)); reply = tcp.recv(10)",
      "relay = (socket.inet_ntoa(reply[4:8]), struct.unpack('!H', reply[8:])[0])",
      "udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.settimeout(5)",
      "head = b'\\0\\0\\0\\x03\\x09localhost' + struct.pack('!H', target)",
      "udp.sendto(head + b'from python', relay)",
      "print(udp.recv(100)[10:].decode())",
    ].join("\n");
    const run = await runTool(python, ["-c", program, String(proxy.port), String(target.port)]);
    expect(run.stdout).toBe("from python\n");
    expect(await proxy.waitForRequest({ protocol: "socks5 udp" })).toMatchObject({ user: "ann" });
  });
});

/** A port at which nobody is. */
async function closedPort(): Promise<number> {
  const { port, ...echo } = await startEcho();
  await echo[Symbol.asyncDispose]();
  return port;
}

async function bound(): Promise<{ readonly socket: Socket; readonly port: number }> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { socket, port: socket.address().port };
}

async function udpEcho() {
  const { socket, port } = await bound();
  const heard: string[] = [];
  socket.on("message", (bytes, from) => {
    heard.push(bytes.toString());
    socket.send(bytes, from.port, from.address);
  });
  return { port, heard, [Symbol.dispose]: () => socket.close() };
}

async function udp() {
  const { socket } = await bound();
  const send = (port: number, bytes: Uint8Array): void => socket.send(bytes, port, "127.0.0.1");
  const answers: string[] = [];
  let wake = (): void => {};
  socket.on("message", (bytes: Buffer) => {
    answers.push(bytes.toString("hex"));
    wake();
  });
  const answer = async (): Promise<string> => {
    while (answers.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return answers.shift()!;
  };
  const ask = async (port: number, bytes: Uint8Array): Promise<string> => {
    send(port, bytes);
    return await answer();
  };
  return { send, ask, answer, [Symbol.dispose]: () => socket.close() };
}
