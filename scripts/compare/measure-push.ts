import { draw } from "../../wire/exchange/draw.ts";
import { type Crossed, type Figures, figuresOf } from "./figures.ts";
import type { Link } from "./link.ts";
import { Meeting } from "./parties.ts";
import type { Heard } from "./parties/push-listener.ts";
import { pushes, type PushName } from "./transports.ts";

/** How a client learns of what happens at the server, over one transport. */
export interface PushResult {
  readonly name: PushName;
  readonly title: string;
  /** How late it learns, in milliseconds. */
  readonly late: Figures;
  /** What crossed, events and the asking for them, by the number of events. */
  readonly perEvent: Crossed;
  /** The same by time. */
  readonly bytesPerSecond: number;
}

/** What is to happen. */
export interface Happening {
  readonly events: number;
  readonly milliseconds: number;
}

/**
 * Let the same things happen over every transport, at the same time: each has a link of its own, and next to nothing
 * to do.
 * @param open a new link for each
 */
export async function measurePushes(
  open: () => Promise<Link>,
  { events, milliseconds }: Happening,
): Promise<PushResult[]> {
  const atMs = Array.from({ length: events }, (_, index) => draw(1, 1, 1, index) * milliseconds).toSorted(
    (a, b) => a - b,
  );
  await using stack = new AsyncDisposableStack();
  const names = Object.keys(pushes) as PushName[];
  const parties = [];
  for (const name of names) {
    const meeting = stack.use(new Meeting(await open()));
    const { server, client, port } = await meeting.bring(
      "push-server",
      "push-listener",
      name,
      name === "udp-push",
    );
    await client.ask({ what: "listen" });
    parties.push({ name, server, client, link: meeting.link, port, before: meeting.link.crossed(port) });
  }
  await Promise.all(parties.map(({ server }) => server.ask({ atMs })));
  return await Promise.all(
    parties.map(async ({ name, client, link, port, before }) => {
      const { lateMs, crossed, seconds } = await client.ask<Heard>({ what: "heard", count: events });
      if (lateMs.length !== events)
        throw new Error(`${name}: of ${events} events ${lateMs.length} were heard`);
      const relayed = link.crossed(port);
      const all = crossed ?? {
        bytes: (relayed?.bytes ?? NaN) - (before?.bytes ?? NaN),
        packets: undefined,
      };
      return {
        name,
        title: pushes[name].title,
        late: figuresOf(lateMs),
        perEvent: {
          bytes: all.bytes / events,
          packets: all.packets === undefined ? undefined : all.packets / events,
        },
        bytesPerSecond: all.bytes / seconds,
      };
    }),
  );
}
