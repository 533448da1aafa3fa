import { foldName } from "../../../wire/irc.ts";
import type { Happening } from "./hub.ts";
import type { Room } from "./room.ts";

/**
 * Who is counted as a member though his process is gone: for each of them, how he quits.
 * @param isAlive whether a process lives
 */
export async function missing(
  rooms: readonly { readonly key: string; readonly room: Room }[],
  isAlive: (process: string) => Promise<boolean>,
): Promise<Happening[]> {
  const processes = new Set(
    rooms.flatMap(({ room }) => [...room.members.values()].map(({ process }) => process)),
  );
  const lost = new Set<string>();
  for (const process of processes) if (!(await isAlive(process))) lost.add(process);
  const quits = new Map<string, Happening & { readonly rooms: string[] }>();
  for (const { key, room } of rooms) {
    for (const { nick, user, host, process } of room.members.values()) {
      if (!lost.has(process)) continue;
      const quit = quits.get(foldName(nick)) ?? {
        kind: "quit",
        by: `${nick}!${user}@${host}`,
        target: process,
        text: "Connection lost",
        rooms: [],
      };
      quit.rooms.push(key);
      quits.set(foldName(nick), quit);
    }
  }
  return [...quits.values()];
}
