/** A process that calls the echo of one transport: `echo-caller.ts NAME ADDRESS [DEVICE]`. */
import { setTimeout as wait } from "node:timers/promises";
import { answerRequests } from "../../asked-process.ts";
import { type Crossed, crossedSince, type Figures, figuresOf } from "../figures.ts";
import { countersOf } from "../counters.ts";
import { type Address, type EchoClient, messageBytes } from "../echo.ts";
import { type Transport, type TransportName, transports } from "../transports.ts";

/** What a caller can be asked. */
export type CallerRequest =
  /** Open what stays open. @returns Opened */
  | { readonly what: "open" }
  /** Call until everything is compiled. */
  | { readonly what: "warm up" }
  /** Close what was opened. */
  | { readonly what: "close" }
  /** From nothing to the first answer, on a client of its own. @returns FirstAnswer */
  | { readonly what: "first answer" }
  /** Call again and again, one after the other. @returns Calls */
  | { readonly what: "calls"; readonly milliseconds: number }
  /** Call from many clients at a time. @returns Rate */
  | { readonly what: "rate"; readonly callers: number; readonly milliseconds: number }
  /** Open so many clients and hold them. */
  | { readonly what: "hold"; readonly count: number }
  | { readonly what: "let go" };

/** What opening took; nothing crossed where there is no counter. */
export interface Opened {
  readonly crossed: Crossed | undefined;
}

export interface FirstAnswer {
  readonly milliseconds: number;
}

export interface Calls {
  readonly count: number;
  /** Until nothing of a call is under way any more, in milliseconds. */
  readonly latency: Figures;
  readonly crossed: Crossed | undefined;
  readonly cpuMs: number;
}

export interface Rate {
  readonly perSecond: number;
}

const [name, place, device] = process.argv.slice(2) as [TransportName, string, string | undefined];
const transport: Transport = transports[name];
const address = JSON.parse(place) as Address;
const message = Buffer.alloc(messageBytes, "portside ");
/** Longer than a delayed acknowledgement (40 ms on Linux): the last one of a measurement is counted with it. */
const settleMs = 80;
/** Calls that nobody measures: by then everything is compiled, or a call takes so long that it does not matter. */
const warmUps = { calls: 3_000, milliseconds: 1_000 };
/** Clients that are opened at a time to be held: one after the other would take minutes over a distance. */
const openedAtOnce = 20;

let client: EchoClient | undefined;
const held: EchoClient[] = [];

answerRequests({}, async (request: CallerRequest) => {
  switch (request.what) {
    case "open":
      return await open();
    case "warm up":
      return await warmUp();
    case "close":
      client?.close();
      return await wait(2 * settleMs);
    case "first answer":
      return await firstAnswer();
    case "calls":
      return await calls(request.milliseconds);
    case "rate":
      return await rate(request.callers, request.milliseconds);
    case "hold":
      while (held.length < request.count) {
        const length = Math.min(openedAtOnce, request.count - held.length);
        held.push(...(await Promise.all(Array.from({ length }, warmClient))));
      }
      return undefined;
    case "let go":
      for (const one of held.splice(0)) one.close();
      return await wait(settleMs);
  }
});

/** A client that has a connection for sure: some open it with the first message. */
async function warmClient(): Promise<EchoClient> {
  const warm = await transport.echo.connect(address);
  await callOnce(warm);
  return warm;
}

async function open(): Promise<Opened> {
  const before = counters();
  client = await transport.echo.connect(address);
  await wait(settleMs);
  return { crossed: crossedSince(before, counters()) };
}

async function warmUp(): Promise<void> {
  if (client === undefined) throw new TypeError("open first");
  const end = performance.now() + warmUps.milliseconds;
  for (let call = 0; call < warmUps.calls && performance.now() < end; call += 1) await callOnce(client);
}

async function firstAnswer(): Promise<FirstAnswer> {
  const begin = performance.now();
  const first = await transport.echo.connect(address);
  const { over } = await first.call(message);
  const milliseconds = performance.now() - begin;
  await over;
  first.close();
  return { milliseconds };
}

async function calls(milliseconds: number): Promise<Calls> {
  if (client === undefined) throw new TypeError("open first");
  await wait(settleMs);
  const latencies: number[] = [];
  const before = counters();
  const cpuBefore = process.cpuUsage();
  const end = performance.now() + milliseconds;
  for (let now = performance.now(); now < end || latencies.length === 0;) {
    await callOnce(client);
    const over = performance.now();
    latencies.push(over - now);
    now = over;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  await wait(settleMs);
  return {
    count: latencies.length,
    latency: figuresOf(latencies),
    crossed: crossedSince(before, counters()),
    cpuMs: (user + system) / 1_000,
  };
}

async function rate(callers: number, milliseconds: number): Promise<Rate> {
  const clients = await Promise.all(Array.from({ length: callers }, () => transport.echo.connect(address)));
  const begin = performance.now();
  const end = begin + milliseconds;
  let count = 0;
  const callOn = async (one: EchoClient): Promise<void> => {
    while (performance.now() < end) {
      await callOnce(one);
      count += 1;
    }
  };
  await Promise.all(clients.map(callOn));
  const seconds = (performance.now() - begin) / 1_000;
  for (const one of clients) one.close();
  return { perSecond: count / seconds };
}

async function callOnce(one: EchoClient): Promise<void> {
  const { reply, over } = await one.call(message);
  if (!reply.equals(message)) throw new Error(`${name}: what came back is not what was sent`);
  await over;
}

function counters(): Crossed | undefined {
  return device === undefined ? undefined : countersOf(device);
}
