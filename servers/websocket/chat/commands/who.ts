import { printIrc } from "../../../../wire/irc.ts";
import { fitsMask } from "../../../../wire/irc-mask.ts";
import type { ChatCommand } from "../command.ts";
import { everybody, lookFor, type Person, personOf } from "../people.ts";
import { prefixOf } from "../room-replies.ts";
import type { ChatSession } from "../session.ts";

/** Fields of WHOX in the order in which they are told, whatever the order in which they are asked for. */
const fieldOrder = "tcuihsnfdlaor";

/** WHO: the members of a room, or who fits a mask; with `%fields,token` as WHOX. */
export const who: ChatCommand = {
  name: "WHO",
  minParams: 0,
  async run(session, { params: [mask = "*", options = ""] }) {
    const [, flags = "", fields, token = "0"] = /^([^%]*)(?:%([^,]*)(?:,(\w{1,3}))?)?$/.exec(options) ?? [];
    // The operators of a server are asked for, and it has none.
    const found = flags.includes("o") ? [] : await asked(session, mask);
    for (const person of found) {
      if (fields === undefined) tellWho(session, person);
      else tellFields(session, person, fields, token);
    }
    session.numeric("315", [mask.includes(" ") ? "*" : mask], "End of WHO");
  },
};

async function asked(session: ChatSession, mask: string): Promise<readonly Person[]> {
  const { rooms } = session.hub;
  if (mask.startsWith("#")) {
    const room = rooms.get(mask)?.room ?? (await rooms.look(mask));
    const isMember = room.has(session.nick);
    if (room.modes.has("s") && !isMember) return [];
    const people = [...room.members.values()].map((member) => personOf(session, member, room));
    return isMember ? people : people.filter((person) => !person.isHidden);
  }
  const all = mask === "0" ? "*" : mask;
  const isExact = !/[*?]/.test(all);
  const found = everybody(session).filter((person) => (isExact || !person.isHidden) && fits(person, all));
  if (found.length > 0 || !isExact) return found;
  // Somebody at another process, in none of the rooms that are followed here.
  const stranger = await lookFor(session, all);
  return stranger ? [stranger] : [];
}

function fits({ nick, user, host }: Person, mask: string): boolean {
  if (/[!@]/.test(mask)) return fitsMask(`${nick}!${user}@${host}`, mask);
  return fitsMask(nick, mask) || fitsMask(host, mask);
}

function flagsOf(session: ChatSession, { away, member }: Person): string {
  return `${away === undefined ? "H" : "G"}${member ? prefixOf(session, member) : ""}`;
}

function tellWho(session: ChatSession, person: Person): void {
  const { serverName: source } = session.hub.options;
  const { nick, user, host, realName, room } = person;
  const params = [session.nick, room, user, host, source, nick, flagsOf(session, person)];
  session.sendLines([printIrc({ source, command: "352", params, text: `0 ${realName}` })]);
}

function tellFields(session: ChatSession, person: Person, fields: string, token: string): void {
  const { serverName: source } = session.hub.options;
  const { nick, user, host, realName, room, idleMs } = person;
  const values: Readonly<Record<string, string>> = {
    t: token,
    c: room,
    u: user,
    i: host,
    h: host,
    s: source,
    n: nick,
    f: flagsOf(session, person),
    d: "0",
    l: String(Math.floor(idleMs / 1_000)),
    // Nobody has an account here.
    a: "0",
    o: "n/a",
  };
  const told = fieldOrder.split("").filter((field) => field !== "r" && fields.includes(field));
  const params = [session.nick, ...told.map((field) => values[field]!)];
  const text = fields.includes("r") ? realName : undefined;
  session.sendLines([printIrc({ source, command: "354", params, text })]);
}
