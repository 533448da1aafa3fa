import { garble } from "./draw.ts";
import type { Link } from "./link.ts";
import { pause } from "./news.ts";

/** How a burst is spoiled by the direction before it. */
export type Spoil =
  | { readonly does: "drips"; readonly bytes: number; readonly everyMs: number }
  | { readonly does: "truncates" | "garbles"; readonly bytes: number };

/** Writes a burst as a direction asks for: slowly, cut off, or with bytes changed by the seed. */
export async function writeSpoiled(
  link: Link,
  bytes: string,
  spoil: Spoil,
  chance: { readonly seed: number; readonly connection: number; readonly burst: number },
): Promise<void> {
  const { channel } = link;
  if (spoil.does === "drips") {
    for (let at = 0; at < bytes.length && link.inbox.end !== "reset"; at += spoil.bytes) {
      if (at > 0) await pause(spoil.everyMs);
      channel.write(bytes.slice(at, at + spoil.bytes));
    }
  } else if (spoil.does === "truncates") channel.write(bytes.slice(0, spoil.bytes));
  else channel.write(garble(bytes, spoil.bytes, chance.seed, chance.connection, chance.burst));
}
