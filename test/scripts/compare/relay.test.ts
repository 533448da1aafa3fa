import { afterEach, describe, expect, test, vi } from "vitest";
import { linkOpener } from "../../../scripts/compare/comparison.ts";
import { crossedSince } from "../../../scripts/compare/figures.ts";
import { openRelay } from "../../../scripts/compare/links/relay.ts";
import { measureFirstAnswers, openWarm } from "../../../scripts/compare/measure-echo.ts";
import { Meeting } from "../../../scripts/compare/parties.ts";
import type { Calls } from "../../../scripts/compare/parties/echo-caller.ts";
import { transports, type TransportName } from "../../../scripts/compare/transports.ts";

const message = 64;
const why = "a test";

afterEach(() => void vi.unstubAllEnvs());

test.each([0, 40])(
  "a round trip of %i ms: a relay where no network of one's own is to be had",
  async (rttMs) => {
    vi.stubEnv("PATH", "");
    await using link = await (await linkOpener(rttMs))();
    expect(link).toMatchObject({ kind: "relay", about: expect.stringContaining("unshare") });
  },
);

describe("a relay counts what the application sends:", () => {
  // Both directions: a WebSocket's two headers and the mask, the length before a frame, nothing for a datagram.
  const arithmetic = {
    ws: 2 * message + 6 + 2,
    tcp: 2 * (message + 4),
    udp: 2 * message,
  };
  test.each(Object.entries(arithmetic) as [TransportName, number][])("%s", async (name, expected) => {
    await using meeting = new Meeting(await openRelay(0, message, why));
    const { link } = meeting;
    const parties = await meeting.bring("echo-server", "echo-caller", name, name === "udp");
    const opened = await openWarm(parties, link);
    // The two heads of the upgrade (RFC 6455 section 1.3); nothing says hello before a length frame or a datagram.
    if (name === "ws") expect(opened!.bytes).toBeGreaterThan(250);
    else expect(opened!.bytes).toBe(0);
    const before = link.crossed(parties.port);
    const { count } = await parties.client.ask<Calls>({ what: "calls", milliseconds: 50 });
    expect(crossedSince(before, link.crossed(parties.port))).toEqual({
      bytes: count * expected,
      packets: undefined,
    });
  });
});

test("a relay's round trips are as many as the standards say, but for TCP's own", async () => {
  const rttMs = 200;
  const link = await openRelay(rttMs, message, why);
  expect(link.unseenRoundTrips).toBe(1);
  const times = await measureFirstAnswers(link, 2);
  const counted = Array.from(times, ([name, milliseconds]) => [name, Math.round(milliseconds / rttMs)]);
  const expected = Object.entries(transports).map(([name, { roundTrips }]) => [
    name,
    name === "udp" ? roundTrips : roundTrips - 1,
  ]);
  expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected));
});
