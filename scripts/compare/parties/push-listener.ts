/** A process that is told what happens: `push-listener.ts NAME ADDRESS [DEVICE]`. */
import { setTimeout as wait } from "node:timers/promises";
import { answerRequests } from "../../asked-process.ts";
import { countersOf } from "../counters.ts";
import type { Address } from "../echo.ts";
import { type Crossed, crossedSince } from "../figures.ts";
import { pushes, type PushName } from "../transports.ts";

/** Begin to listen; or say what was heard since, once so many events were. */
export type ListenerRequest =
  | { readonly what: "listen" }
  | { readonly what: "heard"; readonly count: number };

/** What a listener heard. */
export interface Heard {
  /** How late each event came, in milliseconds. */
  readonly lateMs: readonly number[];
  readonly crossed: Crossed | undefined;
  /** How long the listener listened. */
  readonly seconds: number;
}

const [name, place, device] = process.argv.slice(2) as [PushName, string, string | undefined];
const lateMs: number[] = [];
let before: Crossed | undefined;
let begin = 0;

/** The longest anybody is late: a lost datagram never comes. */
const mostLateMs = 2_000;

answerRequests({}, async (request: ListenerRequest): Promise<Heard | undefined> => {
  if (request.what === "heard") {
    const end = performance.now() + mostLateMs;
    while (lateMs.length < request.count && performance.now() < end) await wait(10);
    await wait(80);
    return {
      lateMs,
      crossed: crossedSince(before, counters()),
      seconds: (performance.now() - begin) / 1_000,
    };
  }
  await pushes[name].push.listen(JSON.parse(place) as Address, (event) => {
    lateMs.push(Number(process.hrtime.bigint() - BigInt(event.replace(/\.+$/, ""))) / 1e6);
  });
  // What opening took is not counted with the events.
  await wait(100);
  before = counters();
  begin = performance.now();
  return undefined;
});

function counters(): Crossed | undefined {
  return device === undefined ? undefined : countersOf(device);
}
