import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { startProxy, startTcpForward, startUdpForward } from "../../servers/proxy/index.ts";
import { DatagramFaults } from "../../servers/proxy/datagram-faults.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, runTool } from "../peers/tools.ts";
import { Bytes } from "./bytes.ts";
import { startEcho, startOrigin } from "./origin.ts";

describe("startTcpForward()", () => {
  test("is the other port, for curl too, and counts", needs("curl"), async () => {
    await using origin = await startOrigin();
    await using forward = await startTcpForward({ target: origin.authority });
    const run = await runTool("curl", ["-sS", `http://127.0.0.1:${forward.port}/x`]);
    expect(JSON.parse(run.stdout)).toMatchObject({ url: "/x" });
    const request = await forward.waitForRequest();
    await request.ended;
    expect(request).toMatchObject({ protocol: "tcp", port: origin.port, address: "127.0.0.1" });
    expect(request.bytesFromTarget).toBeGreaterThan(run.stdout.length);
  });

  test("goes wrong on purpose, also on connections that are open", async () => {
    await using echo = await startEcho();
    await using forward = await startTcpForward({ target: echo.authority });
    using client = await Bytes.to(forward, "one");
    expect(await client.text(3)).toBe("one");
    forward.rules.add({ fault: "limit_data", bytes: 2 });
    expect(await client.send("two").rest()).toBe("tw");
    expect(() => forward.rules.add({ on: "QUIT", fault: "reply", code: 500 })).toThrow(/faults on bytes/);
  });

  test("resets clients of a target where nobody is, and says why", async () => {
    const { port, ...gone } = await startEcho();
    await gone[Symbol.asyncDispose]();
    await using forward = await startTcpForward({ target: `127.0.0.1:${port}` });
    using client = await Bytes.to(forward);
    expect(await client.rest()).toBe("");
    expect((await forward.waitForRequest({ isRefused: true })).refusal).toContain("ECONNREFUSED");
  });

  test("a client that has said all before the target is there", async () => {
    await using echo = await startEcho();
    await using forward = await startTcpForward({ target: echo.authority });
    using client = await Bytes.to(forward, "everything");
    client.socket.end();
    expect(await client.rest()).toBe("everything");
  });

  test.each([1, 2] as const)(
    "PROXY protocol %i: the mail server behind it knows the client",
    async (version) => {
      await using smtp = await startSmtp({ acceptsProxyProtocol: true });
      await using forward = await startTcpForward({
        target: `127.0.0.1:${smtp.port}`,
        proxyProtocol: version,
      });
      await using proxy = await startProxy({ proxyProtocol: version });
      using direct = await Bytes.to(forward);
      expect(await direct.until("\r\n")).toMatch(/^220 /);
      using tunnel = await Bytes.to(proxy, `CONNECT 127.0.0.1:${smtp.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await tunnel.until("\r\n\r\n");
      await tunnel.until("\r\n");
      for (const client of [direct, tunnel]) {
        client.send(
          "EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n",
        );
        await client.until("221 ");
      }
      const mails = await smtp.mails();
      const ports = mails.map(({ session }) => session.clientPort);
      expect(ports).toEqual([direct.socket.localPort, tunnel.socket.localPort]);
    },
  );

  test.each(["127.0.0.1", "127.0.0.1:0", "http://a:80", "[nonsense]:80"])(
    "%j is no target",
    async (target) => {
      await expect(startTcpForward({ target })).rejects.toThrow(TypeError);
    },
  );
});

describe("startUdpForward()", () => {
  test("two clients, each gets its own answers, and is forgotten after a silence", async () => {
    await using echo = await udpEcho();
    await using forward = await startUdpForward({ target: `127.0.0.1:${echo.port}`, idleTimeoutMs: 50 });
    await using one = await udpClient(forward.port);
    await using two = await udpClient(forward.port);
    one.send("one");
    two.send("two");
    expect([await one.next(), await two.next()]).toEqual(["one", "two"]);
    expect(forward.counts).toMatchObject({ passed: 4, drop: 0 });
    while (forward.clients > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    one.send("again");
    expect(await one.next()).toBe("again");
  });

  test("drop, duplicate, reorder and delay", async () => {
    await using echo = await udpEcho();
    await using forward = await startUdpForward({ target: `127.0.0.1:${echo.port}` });
    await using client = await udpClient(forward.port);
    const said = async (...texts: string[]): Promise<string[]> => {
      const heard: string[] = [];
      for (const text of texts) client.send(text);
      client.send("end");
      while (heard.at(-1) !== "end") heard.push(await client.next());
      return heard;
    };
    forward.addFault({ do: "drop", from: "client", times: 1 });
    expect(await said("lost", "kept")).toEqual(["kept", "end"]);
    forward.addFault({ do: "duplicate", from: "client", times: 1 });
    expect(await said("a", "b")).toEqual(["a", "a", "b", "end"]);
    forward.addFault({ do: "reorder", from: "client", times: 1 });
    expect(await said("a", "b")).toEqual(["b", "a", "end"]);
    const stop = forward.addFault({ do: "delay", from: "target", delayMs: 60, times: 1 });
    const begin = performance.now();
    client.send("late");
    expect(await client.next()).toBe("late");
    expect(performance.now() - begin).toBeGreaterThan(55);
    stop();
    expect(forward.counts).toMatchObject({ drop: 1, duplicate: 1, reorder: 1, delay: 1 });
  });

  test("the same seed drops the same datagrams, about as many as were asked for", () => {
    const dropped = (seed: number): string => {
      const faults = new DatagramFaults([{ do: "drop", percent: 30 }], seed);
      let passed = "";
      for (let n = 0; n < 1_000; n += 1) faults.pass("client", () => (passed += `${n} `));
      expect(faults.counts.drop).toBeGreaterThan(230);
      expect(faults.counts.drop).toBeLessThan(370);
      return passed;
    };
    expect(dropped(7)).toBe(dropped(7));
    expect(dropped(7)).not.toBe(dropped(8));
    expect(() => new DatagramFaults([{ do: "vanish" as "drop" }], 1)).toThrow(/no fault "vanish"/);
  });
});

async function udpEcho(): Promise<AsyncDisposable & { readonly port: number }> {
  const socket = createSocket("udp4");
  socket.on("message", (bytes, from) => socket.send(bytes, from.port, from.address));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  return { port, [Symbol.asyncDispose]: async () => void (await once(socket.close(), "close")) };
}

async function udpClient(port: number) {
  const socket = createSocket("udp4");
  const heard: string[] = [];
  let wake = (): void => {};
  socket.on("message", (bytes) => {
    heard.push(bytes.toString());
    wake();
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    send: (text: string) => socket.send(text, port, "127.0.0.1"),
    next: async (): Promise<string> => {
      while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return heard.shift()!;
    },
    [Symbol.asyncDispose]: async () => void (await once(socket.close(), "close")),
  };
}
