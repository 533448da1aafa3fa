import { foldName } from "../../../wire/irc.ts";
import type { Member, Room } from "./room.ts";
import type { ChatSession } from "./session.ts";

/** Somebody in the chat, as far as this process knows. */
export interface Person {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realName: string;
  readonly away: string | undefined;
  /** A room that he is in and that who asks may know of, or `*`. */
  readonly room: string;
  /** What he is there. */
  readonly member: Member | undefined;
  /** Not told to who asks for everybody: invisible, and in none of the same rooms. */
  readonly isHidden: boolean;
  /** Since he said something; 0 for who is at another process. */
  readonly idleMs: number;
}

/** A member of a room. */
export function personOf(session: ChatSession, member: Member, room: Room): Person {
  const { hub } = session;
  const local = hub.byNick(member.nick);
  return {
    ...member,
    away: member.away,
    room: room.name,
    member,
    isHidden: (local?.isInvisible ?? false) && local !== session && !room.has(session.nick),
    idleMs: local ? hub.clock.now() - local.saidMs : 0,
  };
}

/** Everybody at this process, and in the rooms that it follows, each once. */
export function everybody(session: ChatSession): Person[] {
  const { hub } = session;
  const found = new Map<string, Person>();
  for (const { room } of hub.rooms.opened) {
    const isShared = room.has(session.nick);
    for (const member of room.members.values()) {
      const key = foldName(member.nick);
      const known = found.get(key);
      if (known && (!known.isHidden || !isShared)) continue;
      const person = personOf(session, member, room);
      const isSecret = room.modes.has("s") && !isShared;
      found.set(key, isSecret ? { ...person, room: "*", member: undefined } : person);
    }
  }
  for (const local of hub.sessions) {
    const key = foldName(local.nick);
    if (local.isRegistered && !found.has(key)) found.set(key, strangerOf(session, local));
  }
  return [...found.values()];
}

/** Whoever has a nick, at whatever process. */
export async function lookFor(session: ChatSession, nick: string): Promise<Person | undefined> {
  const known = findPerson(session, nick);
  if (known) return known;
  const holder = await session.hub.leases.holder(foldName(nick));
  return holder?.about && { ...holder.about, room: "*", member: undefined, isHidden: false, idleMs: 0 };
}

/** Whoever has a nick, as far as this process knows. */
function findPerson(session: ChatSession, nick: string): Person | undefined {
  const { hub } = session;
  const rooms = hub.rooms.opened.map(({ room }) => room).filter((room) => room.has(nick));
  const told = rooms.find((room) => room.has(session.nick)) ?? rooms.find(({ modes }) => !modes.has("s"));
  if (told) return personOf(session, told.member(nick)!, told);
  const local = hub.byNick(nick);
  if (local?.isRegistered) return strangerOf(session, local);
  const [secret] = rooms;
  return secret && { ...personOf(session, secret.member(nick)!, secret), room: "*", member: undefined };
}

/** Somebody of this process who is in no room that who asks may know of. */
function strangerOf(session: ChatSession, local: ChatSession): Person {
  const { nick, user, host, realName, away, isInvisible, saidMs } = local;
  const isHidden = isInvisible && local !== session;
  const idleMs = session.hub.clock.now() - saidMs;
  return { nick, user, host, realName, away, room: "*", member: undefined, isHidden, idleMs };
}
