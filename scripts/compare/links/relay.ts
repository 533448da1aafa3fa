import { startTcpForward, startUdpForward } from "../../../servers/proxy/index.ts";
import type { Crossed } from "../figures.ts";
import type { Link } from "../link.ts";

/** More connections than a comparison opens: each is counted as long as it is in the log. */
const maxLogEntries = 1_000_000;

/**
 * The machine's own loopback, with a forward of ours before each server: for machines where no network of one's own is
 * to be had. It counts what the application sends. With a round trip it holds everything for half of it in each
 * direction; a handshake of TCP is the kernel's and is not held.
 * @param why it is taken, for the report
 */
export async function openRelay(rttMs: number, messageBytes: number, why: string): Promise<Link> {
  const counts = new Map<number, () => Crossed>();
  await using stack = new AsyncDisposableStack();
  const forwards = stack.use(new AsyncDisposableStack());
  const owned = stack.move();
  return {
    kind: "relay",
    unseenRoundTrips: rttMs > 0 ? 1 : 0,
    about:
      "a relay on the loopback device of this machine, which counts what the application sends" +
      (rttMs > 0
        ? `, and holds it for half a round trip of ${rttMs} ms; TCP's own handshake it cannot hold, so that its round trip is added`
        : "") +
      ` (${why})`,
    host: "127.0.0.1",
    serverEnd: [],
    clientEnd: [],
    device: undefined,
    async portFor(port, isDatagrams) {
      const target = `127.0.0.1:${port}`;
      if (isDatagrams) {
        const delay = { do: "delay", delayMs: rttMs / 2 } as const;
        const forward = forwards.use(await startUdpForward({ target, faults: rttMs > 0 ? [delay] : [] }));
        const bytesOf = (): number => (forward.counts.passed + forward.counts.delay) * messageBytes;
        counts.set(forward.port, () => ({ bytes: bytesOf(), packets: undefined }));
        return forward.port;
      }
      const latency = (direction: "C" | "S") =>
        ({ fault: "latency", latencyMs: rttMs / 2, direction }) as const;
      const rules = rttMs > 0 ? [latency("C"), latency("S")] : [];
      const forward = forwards.use(await startTcpForward({ target, rules, maxLogEntries }));
      counts.set(forward.port, () => ({
        bytes: forward.requests().reduce((sum, one) => sum + one.bytesFromClient + one.bytesFromTarget, 0),
        packets: undefined,
      }));
      return forward.port;
    },
    crossed: (port) => counts.get(port)?.(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
