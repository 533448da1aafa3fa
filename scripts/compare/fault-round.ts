/**
 * What goes wrong between two programs, and what each of them gets to see of it: over streams with the faults of our
 * forward, over datagrams with those of the UDP forward, and lost packets under TCP in a tunnel that drops some, where
 * the kernel does what it does on a real network.
 */
import { createSocket } from "node:dgram";
import { setTimeout as wait } from "node:timers/promises";
import { type DatagramFault, startTcpForward, startUdpForward } from "../../servers/proxy/index.ts";
import { makeCertificateAuthority } from "../../wire/certificate.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { type EchoClient, type EchoServer, messageBytes } from "./echo.ts";
import { openTunnel } from "./links/tunnel.ts";
import { Meeting } from "./parties.ts";
import type { Calls, CallerRequest, Opened } from "./parties/echo-caller.ts";
import { type TransportName, transports } from "./transports.ts";
import { millisecondsText } from "./units.ts";

/** What an application saw of something that went wrong between it and the other side. */
export interface FaultResult {
  readonly fault: string;
  readonly title: string;
  readonly saw: string;
  /** After how long, in milliseconds; nothing where it saw nothing for as long as it waited. */
  readonly afterMs: number | undefined;
  /** What it has to do itself. */
  readonly must: string;
}

/** How long an application waits here: none of these transports gives up by itself before that. */
const patienceMs = 1_500;
const message = Buffer.alloc(messageBytes, "portside ");
const authority = makeCertificateAuthority();

interface StreamFault {
  readonly fault: string;
  readonly rules: readonly FaultRule[];
  readonly must: string;
}

const streams: readonly TransportName[] = ["tcp", "tls", "http-kept", "ws", "wss"];

const streamFaults: readonly StreamFault[] = [
  {
    fault: "the link stalls",
    rules: [
      { fault: "timeout", direction: "S" },
      { fault: "timeout", direction: "C" },
    ],
    must: "have a time-out of its own, or send pings",
  },
  {
    fault: "the connection is reset",
    rules: [{ fault: "reset_peer" }],
    must: "connect anew, and not do twice what was done",
  },
  {
    fault: "half of an answer comes, and the end",
    rules: [{ fault: "limit_data", bytes: messageBytes / 2 }],
    must: "know how long a message is",
  },
];

const datagramFaults: readonly (Pick<DatagramFault, "do"> & {
  readonly fault: string;
  readonly must: string;
})[] = [
  { do: "drop", fault: "datagrams are lost", must: "number them, have a time-out, send again" },
  { do: "duplicate", fault: "datagrams come twice", must: "number them, ignore what came before" },
  { do: "reorder", fault: "datagrams overtake one another", must: "number them, sort or ignore" },
];

const datagrams = 200;
/** How many of a hundred something befalls. */
const percent = 10;
/** Of packets under TCP fewer: each costs a fifth of a second. */
const lostPercent = 3;

/** Let things go wrong on the way to each echo, and look at it as its client. */
export async function faultRound(): Promise<FaultResult[]> {
  const rounds = await Promise.all([
    ...streamFaults.flatMap((fault) => streams.map((name) => overStream(name, fault))),
    ...datagramFaults.map((fault) => overDatagrams(fault)),
  ]);
  return [...rounds, ...(await lostPackets())];
}

async function overStream(name: TransportName, { fault, rules, must }: StreamFault): Promise<FaultResult> {
  const { title, echo } = transports[name];
  const server = await serve(name);
  await using link = await startTcpForward({ target: `127.0.0.1:${server.port}` });
  const client = await echo.connect({ host: "127.0.0.1", port: link.port, ca: authority.certificate });
  await client.call(message);
  link.rules.add(...rules);
  const begin = performance.now();
  const saw = await Promise.race([answerOf(client), wait(patienceMs)]);
  const afterMs = performance.now() - begin;
  client.close();
  server.close();
  return { fault, title, saw: saw ?? "nothing", afterMs: saw === undefined ? undefined : afterMs, must };
}

async function answerOf(client: EchoClient): Promise<string> {
  try {
    await client.call(message);
    return "the answer";
  } catch (error) {
    const { code, message: what } = error as NodeJS.ErrnoException;
    return code === undefined ? what : `${code}: ${what}`;
  }
}

async function overDatagrams(given: (typeof datagramFaults)[number]): Promise<FaultResult> {
  const { title } = transports.udp;
  const server = await serve("udp");
  const faults = [{ do: given.do, percent, from: "target", delayMs: 20 } as const];
  await using link = await startUdpForward({ target: `127.0.0.1:${server.port}`, faults });
  const client = createSocket("udp4");
  const heard: number[] = [];
  client.on("message", (answer) => heard.push(answer.readUInt32BE()));
  for (let number = 0; number < datagrams; number += 1) {
    client.send(numbered(number), link.port, "127.0.0.1");
    await wait(1);
  }
  await wait(100);
  client.close();
  server.close();
  const late = heard.filter((number, index) =>
    heard.slice(0, index).some((before) => before > number),
  ).length;
  const missing = datagrams - new Set(heard).size;
  const twice = heard.length - new Set(heard).size;
  const saw = [
    missing > 0 ? `${missing} of ${datagrams} answers missing` : "",
    twice > 0 ? `${twice} of ${datagrams} answers twice` : "",
    late > 0 ? `${late} of ${datagrams} answers behind a later one` : "",
  ].filter((words) => words !== "");
  return { fault: given.fault, title, saw: saw.join(", "), afterMs: undefined, must: given.must };
}

function numbered(number: number): Buffer {
  const bytes = Buffer.from(message);
  bytes.writeUInt32BE(number);
  return bytes;
}

/** TCP where packets are lost; nothing where no network of one's own is to be had. */
async function lostPackets(): Promise<FaultResult[]> {
  const link = await openTunnel(0, [{ do: "drop", percent: lostPercent }]).catch(() => undefined);
  if (link === undefined) return [];
  await using meeting = new Meeting(link);
  const results: FaultResult[] = [];
  for (const name of ["tcp", "ws"] as const) {
    const { client } = await meeting.bring("echo-server", "echo-caller", name, false);
    await client.ask<Opened>({ what: "open" } satisfies CallerRequest);
    const { count, latency } = await client.ask<Calls>({
      what: "calls",
      milliseconds: 3_000,
    } satisfies CallerRequest);
    results.push({
      fault: `${lostPercent} of 100 packets are lost`,
      title: transports[name].title,
      saw: `all ${count} answers, in order, the slowest after ${millisecondsText(latency.max)}`,
      afterMs: latency.max,
      must: "nothing but wait: the kernel sends again",
    });
  }
  return results;
}

async function serve(name: TransportName): Promise<EchoServer> {
  const host = "127.0.0.1";
  return await transports[name].echo.serve({ host, ...authority.issue({ names: [host] }) });
}
