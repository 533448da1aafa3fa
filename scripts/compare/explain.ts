import { type Heard, Recording } from "./explain/recording.ts";
import type { Way } from "./explain/way.ts";
import { type WayName, ways } from "./explain/ways.ts";

/** One message and its answer, byte by byte. */
export interface Explained extends Pick<Way, "title" | "about" | "below"> {
  readonly name: WayName;
  readonly parts: readonly Heard[];
  /** All bytes of its streams or datagrams, both ways; the message itself is in there twice, or once where it stays. */
  readonly bytes: { readonly client: number; readonly server: number };
  readonly tookMs: number;
  /** What went wrong, such as a message that fits into no datagram. */
  readonly failure: string | undefined;
}

/**
 * Say a message in every way there is, one after the other, over real sockets, and write down what passes.
 * @param only these ways; all without
 */
export async function explain(
  message: string,
  only: readonly WayName[] = Object.keys(ways) as WayName[],
): Promise<Explained[]> {
  const explained: Explained[] = [];
  for (const name of only) {
    const { title, about, below } = ways[name];
    const way = await ways[name].open();
    try {
      const parts: Heard[] = [];
      const recording = new Recording((heard) => parts.push(heard));
      const failure = await way.exchange(message, recording).then(
        (answer) => (answer === message ? undefined : "what came back is not what was said"),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      explained.push({
        name,
        title,
        about,
        below,
        parts,
        bytes: bytesOf(parts),
        tookMs: recording.elapsedMs,
        failure,
      });
    } finally {
      await way.close();
    }
  }
  return explained;
}

function bytesOf(parts: readonly Heard[]): Explained["bytes"] {
  const bytes = { client: 0, server: 0 };
  for (const { from, part, isOnWire } of parts) if (isOnWire) bytes[from] += part.bytes.length;
  return bytes;
}
