import type { Direction, Duration, Item, Role, Spoken } from "./script.ts";

/** Something that the other side may do next. */
export type Candidate =
  | { readonly type: "spoken"; readonly lines: readonly Spoken[] }
  | { readonly type: "act"; readonly item: Direction };

/**
 * What the other side may do first when these items are performed, most likely first. Empty when it is our turn, or
 * when nothing is left.
 * @param them the other side
 * @param lists the items from here on, then those behind the block they stand in, and so on outwards
 */
export function candidates(them: Role, lists: readonly (readonly Item[])[]): Candidate[] {
  const found: Candidate[] = [];
  for (const items of lists) if (!collect(them, items, found)) return found;
  return found;
}

/** Adds the candidates of a list; gives whether the list may be passed without any of them. */
function collect(them: Role, items: readonly Item[], found: Candidate[]): boolean {
  for (const [index, item] of items.entries()) {
    if (item.type === "spoken") {
      if (item.speaker !== them) return false;
      found.push({ type: "spoken", lines: runFrom(items, index).lines });
      if (item.mark !== "?" && item.mark !== "*") return false;
    } else if (item.type === "direction") {
      const { act } = item;
      if (!("actor" in act)) {
        if (act.does === "within") continue;
        return false;
      }
      if (act.actor !== them) return false;
      if (
        act.does === "closes" ||
        act.does === "half-closes" ||
        act.does === "resets" ||
        act.does === "connects"
      ) {
        found.push({ type: "act", item });
        return false;
      }
    } else if (item.type === "block" && item.opener.type !== "whenever") {
      const passable = item.branches.map((branch) => collect(them, branch, found)).some(Boolean);
      const mayBeLeftOut = item.opener.type === "optional" || item.opener.type === "any number";
      if (!mayBeLeftOut && !passable) return false;
    }
  }
  return true;
}

/** Lines that may be of one message, and by how much the directions between them let our patience grow. */
export interface Run {
  readonly lines: readonly Spoken[];
  readonly waits: readonly Duration[];
}

/** By the list they stand in and their index; found once, because a script may be played a thousand times. */
const runs = new WeakMap<readonly Item[], Run[]>();

/** The lines of the same speaker on the same connection from an index on; comments between them do not part them. */
export function runFrom(items: readonly Item[], index: number): Run {
  let found = runs.get(items);
  if (found === undefined) {
    found = [];
    runs.set(items, found);
  }
  return (found[index] ??= findRun(items, index));
}

function findRun(items: readonly Item[], index: number): Run {
  const first = items[index] as Spoken;
  const lines: Spoken[] = [];
  const waits: Duration[] = [];
  let later: Duration[] = [];
  for (let at = index; at < items.length; at++) {
    const item = items[at]!;
    if (item.type === "note") continue;
    if (item.type === "direction" && item.act.does === "waits" && item.act.actor === first.speaker) {
      later.push(item.act.duration);
      continue;
    }
    if (item.type !== "spoken" || item.speaker !== first.speaker || item.connection !== first.connection)
      break;
    lines.push(item);
    waits.push(...later);
    later = [];
  }
  return { lines, waits };
}
