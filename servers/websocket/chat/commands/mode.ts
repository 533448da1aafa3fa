import { byteLength, foldName, isRoomName, maxLineBytes } from "../../../../wire/irc.ts";
import { wholeMask } from "../../../../wire/irc-mask.ts";
import type { ChatCommand } from "../command.ts";
import type { Room } from "../room.ts";
import { type ModeChange, printModes, readModes } from "../room-modes.ts";
import type { ChatSession } from "../session.ts";

/** Bans of one room; `MAXLIST` says so. */
const maxBans = 50;
/** Changes of one MODE; `MODES` says so. */
const maxChanges = 6;

/** MODE: what clients ask when they come in, and changing it. */
export const mode: ChatCommand = {
  name: "MODE",
  minParams: 1,
  async run(session, { params: [target = "", ...words] }) {
    if (target.startsWith("#")) await roomModes(session, target, words);
    else await ownModes(session, target, words);
  },
};

async function ownModes(session: ChatSession, target: string, [letters]: readonly string[]): Promise<void> {
  const { hub, nick } = session;
  if (foldName(target) !== foldName(nick)) {
    if (await hub.leases.holder(foldName(target)))
      session.numeric("502", [], "You can only see and change your own modes");
    else session.numeric("401", [target], "Nobody has that nick");
    return;
  }
  if (letters === undefined) {
    session.numeric("221", [session.isInvisible ? "+i" : "+"]);
    return;
  }
  let sign = "+";
  for (const letter of letters) {
    if (letter === "+" || letter === "-") sign = letter;
    else if (letter !== "i") session.numeric("501", [], `${letter} is a mode that this server does not have`);
    else if (session.isInvisible !== (sign === "+")) {
      session.isInvisible = sign === "+";
      hub.census.invisible += session.isInvisible ? 1 : -1;
      session.sendLines([`:${session.source} MODE ${nick} :${sign}i`]);
    }
  }
}

async function roomModes(session: ChatSession, target: string, words: readonly string[]): Promise<void> {
  const { hub } = session;
  const live = hub.rooms.get(target);
  const room = live?.room ?? (isRoomName(target) ? await hub.rooms.look(target) : undefined);
  if (!room || room.members.size === 0) {
    session.numeric("403", [target], "No such room");
    return;
  }
  const isMember = room.has(session.nick);
  if (words.length === 0) {
    session.numeric("324", [room.name, ...room.modes.shown(isMember)]);
    session.numeric("329", [room.name, String(Math.floor(room.createdMs / 1_000))]);
    return;
  }
  const { changes, asksForBans, unknown, lacking } = readModes(words);
  if (asksForBans) tellBans(session, room);
  for (const letter of unknown) session.numeric("472", [letter], "is a mode that this server does not have");
  for (const letter of lacking)
    session.numeric("696", [room.name, letter, "*"], "This mode needs a parameter");
  if (changes.length === 0) return;
  if (!isMember || !live) session.numeric("442", [room.name], "You are not in that room");
  else if (!room.isOperator(session.nick))
    session.numeric("482", [room.name], "You are not an operator of this room");
  else {
    const possible: ModeChange[] = [];
    for (const change of changes.slice(0, maxChanges)) {
      const wanted = await possibleChange(session, room, change);
      if (wanted) possible.push(wanted);
    }
    const { source: by } = session;
    // Masks that were written out may be longer than they were.
    while (byteLength(`:${by} MODE ${room.name} ${printModes(possible)}\r\n`) > maxLineBytes) possible.pop();
    if (possible.length === 0) return;
    await hub.happen(live, { kind: "mode", by, target: printModes(possible) }, { session });
  }
}

/** A change as it is told to others; who asked is told why when it cannot be. @returns nothing when it is none */
async function possibleChange(
  session: ChatSession,
  room: Room,
  change: ModeChange,
): Promise<ModeChange | undefined> {
  const { isOn, letter, param = "" } = change;
  const { modes, name } = room;
  const refuse = (why: string): undefined => {
    session.numeric("696", [name, letter, "*"], why);
  };
  switch (letter) {
    case "o":
    case "v": {
      const member = room.member(param);
      if (member) {
        const has = letter === "o" ? member.isOperator : member.hasVoice;
        return has === isOn ? undefined : { ...change, param: member.nick };
      }
      const isSomebody = await session.hub.leases.holder(foldName(param));
      if (isSomebody) session.numeric("441", [param, name], "They are not in that room");
      else session.numeric("401", [param], "Nobody has that nick");
      return undefined;
    }
    case "k":
      if (!isOn) return modes.key === undefined ? undefined : change;
      if (!/^[!-+\--9;-~]{1,23}$/.test(param)) return refuse("A key is 1 to 23 letters of ASCII");
      return modes.key === param ? undefined : change;
    case "l":
      if (!isOn) return modes.limit === undefined ? undefined : change;
      if (!/^[1-9]\d{0,5}$/.test(param)) return refuse("A limit is a number from 1");
      return modes.limit === Number(param) ? undefined : change;
    case "b": {
      if (/[\s,]/.test(param) || param.length > 150) return refuse("A mask is nick!user@host");
      const mask = wholeMask(param);
      if (isOn && modes.bans.size >= maxBans) {
        session.numeric("478", [name, "b"], "The list of bans is full");
        return undefined;
      }
      return modes.bans.has(foldName(mask)) === isOn ? undefined : { ...change, param: mask };
    }
    default:
      return modes.has(letter) === isOn ? undefined : change;
  }
}

function tellBans(session: ChatSession, { name, modes }: Room): void {
  for (const { mask, by, atMs } of modes.bans.values())
    session.numeric("367", [name, mask, by, String(Math.floor(atMs / 1_000))]);
  session.numeric("368", [name], "End of the list of bans");
}
