import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { openLoopback } from "../../../scripts/compare/links/loopback.ts";
import { openTunnel } from "../../../scripts/compare/links/tunnel.ts";
import { measureFirstAnswers, openWarm } from "../../../scripts/compare/measure-echo.ts";
import { Meeting } from "../../../scripts/compare/parties.ts";
import type { Calls } from "../../../scripts/compare/parties/echo-caller.ts";
import { transports, type TransportName } from "../../../scripts/compare/transports.ts";
import { needs, pathOf, runTool } from "../../peers/tools.ts";

const tcpIp = 52;
const udpIp = 28;
/** Header, content type and tag of a TLS 1.3 record with AES-GCM (RFC 8446 section 5.2). */
const tlsRecord = 5 + 1 + 16;
const message = 64;
/** A port that nobody else talks to. */
const marker = 9;

describe("bytes on the wire", needs("unshare", "nsenter", "ip", "socat", "tshark"), () => {
  // Both directions: what the standards' headers add up to.
  const arithmetic = {
    ws: 2 * (tcpIp + message) + 6 + 2,
    wss: 2 * (tcpIp + message + tlsRecord) + 6 + 2,
    tcp: 2 * (tcpIp + message + 4),
    tls: 2 * (tcpIp + message + 4 + tlsRecord),
    udp: 2 * (udpIp + message),
  };
  test.each(Object.entries(arithmetic) as [TransportName, number][])(
    "%s: a capture, the kernel's counters and the standards agree",
    async (name, expected) => {
      await using meeting = new Meeting(await openLoopback());
      const parties = await meeting.bring("echo-server", "echo-caller", name, name === "udp");
      await openWarm(parties, meeting.link);
      const { client } = parties;
      const capture = await startCapture(meeting.link.clientEnd);
      const { crossed, count } = await client.ask<Calls>({ what: "calls", milliseconds: 100 });
      const captured = await capture.stop();
      expect(count).toBeGreaterThan(10);
      expect(crossed!.bytes / captured.bytes).toBeCloseTo(1, 2);
      expect(crossed!.packets! / captured.packets).toBeCloseTo(1, 2);
      // Now and then a late acknowledgement of its own comes on top.
      expect(crossed!.bytes / count / expected).toBeGreaterThan(0.999);
      expect(crossed!.bytes / count / expected).toBeLessThan(1.02);
    },
  );

  test("opening a WebSocket takes 7 packets, TCP 3", async () => {
    await using meeting = new Meeting(await openLoopback());
    const packets = async (name: TransportName): Promise<unknown> => {
      const parties = await meeting.bring("echo-server", "echo-caller", name, false);
      return (await openWarm(parties, meeting.link))?.packets;
    };
    expect(await packets("ws")).toBe(7);
    expect(await packets("tcp")).toBe(3);
  });
});

describe("round trips until the first answer", needs("unshare", "nsenter", "ip", "socat"), () => {
  test("are as many as the standards say, over a link of 200 ms", async () => {
    // So long that what a busy machine takes for itself is no round trip.
    const rttMs = 200;
    const times = await measureFirstAnswers(await openTunnel(rttMs), 2);
    const counted = Array.from(times, ([name, milliseconds]) => [name, Math.round(milliseconds / rttMs)]);
    expect(Object.fromEntries(counted)).toEqual(
      Object.fromEntries(Object.entries(transports).map(([name, { roundTrips }]) => [name, roundTrips])),
    );
  });
});

/** Capture with tshark what crosses the loopback device of a network. */
async function startCapture(
  enter: readonly string[],
): Promise<{ stop(): Promise<{ readonly bytes: number; readonly packets: number }> }> {
  const [program = "", ...before] = enter;
  const fields = ["-T", "fields", "-e", "ip.len", "-e", "udp.dstport"];
  const args = [...before, pathOf("tshark")!, "-i", "lo", "-B", "64", "-l", "-n", ...fields];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  for await (const said of createInterface(child.stderr)) if (/Capturing on/.test(said)) break;
  return {
    async stop() {
      // What comes before this datagram has been captured when it is seen.
      await runTool(program, [...before, "socat", "-u", "EXEC:echo", `UDP4:127.0.0.1:${marker}`]);
      const lengths: number[] = [];
      for (;;) {
        const [length, port] = (await lines.next()).value!.split("\t");
        if (port === String(marker)) break;
        lengths.push(Number(length));
      }
      const exit = once(child, "exit");
      child.kill("SIGINT");
      await exit;
      return { bytes: lengths.reduce((sum, length) => sum + length, 0), packets: lengths.length };
    },
  };
}
