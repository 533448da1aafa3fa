import { foldName, nickOf } from "portside/wire/irc.js";
import { isLaterId } from "portside/wire/stream-id.js";
import { LineClient } from "./line-client.js";
import {
  addLines,
  change,
  connection,
  current,
  forget,
  nick,
  place,
  places,
  show,
  trouble,
} from "./state.js";

/**
 * @import { IrcMessage } from "portside/wire/irc.js"
 * @import { Line, Member } from "./state.js"
 */

/** @type {LineClient | undefined} */
let client;
/** The history that is being told. @type {{ name: string, lines: IrcMessage[] } | undefined} */
let batch;

/**
 * Come in, and go into rooms.
 * @param {string} wanted the nick
 * @param {readonly string[]} rooms
 */
export function comeIn(wanted, rooms) {
  trouble.value = "";
  connection.value = "coming";
  client = new LineClient(wanted, (told) => {
    if (told.type === "in") entered(told.nick, rooms);
    else if (told.type === "lost") connection.value = "lost";
    else if (told.type === "refused") {
      connection.value = "out";
      trouble.value = told.reason;
    } else hear(told.line);
  });
}

/**
 * @param {string} own
 * @param {readonly string[]} rooms
 */
function entered(own, rooms) {
  nick.value = own;
  connection.value = "in";
  localStorage.setItem("nick", own);
  const again = [...places.value.values()].filter(({ name }) => name.startsWith("#")).map(({ name }) => name);
  for (const name of again.length > 0 ? again : rooms) client?.send("JOIN", [name]);
}

/** Go into a room, or talk to somebody. @param {string} name */
export function open(name) {
  if (name.startsWith("#")) client?.send("JOIN", [name]);
  else change(name, () => ({}));
  show(name);
}

/** Leave what is shown. */
export function close() {
  const { name = "" } = place.value ?? {};
  if (name.startsWith("#")) client?.send("PART", [name]);
  else forget(name);
}

export function leave() {
  client?.leave();
  connection.value = "out";
  nick.value = "";
  places.value = new Map();
}

/** Say something where we are, or do what a line with a slash says. @param {string} text */
export function say(text) {
  const [, verb, rest = ""] = /^\/(\w+)\s*(.*)$/s.exec(text) ?? [];
  const { name } = place.value ?? {};
  if (verb === "join") open(rest.startsWith("#") ? rest : `#${rest}`);
  else if (verb === "part") close();
  else if (verb === "nick") client?.send("NICK", [rest]);
  else if (verb === "topic" && name) client?.send("TOPIC", [name], rest);
  else if (verb === "msg") {
    const [to = "", ...words] = rest.split(" ");
    open(to);
    client?.send("PRIVMSG", [to], words.join(" "));
  } else if (verb !== undefined) note(name, `/${verb} is no command: /join /part /nick /topic /msg`);
  else if (name) client?.send("PRIVMSG", [name], text);
}

/**
 * @param {string | undefined} name
 * @param {string} text
 */
function note(name, text) {
  if (name) addLines(name, [{ id: "", kind: "note", nick: "", text, at: Date.now() }]);
}

/** @param {IrcMessage} line */
function hear(line) {
  const { command, params, tags } = line;
  if (command === "BATCH") {
    const [label = "", , name = ""] = params;
    if (label.startsWith("+")) batch = { name, lines: [] };
    else if (batch) {
      heardHistory(batch.name, batch.lines);
      batch = undefined;
    }
  } else if (tags.has("batch") && batch) batch.lines.push(line);
  else (handlers[command] ?? other)(line, nickOf(line.source));
}

/** @param {string} name */
const isOwn = (name) => foldName(name) === foldName(nick.value);

// oxlint-disable-next-line no-control-regex -- the marks of CTCP are control characters
const actionMark = /^\u0001ACTION (.*?)\u0001?$/s;

/**
 * @param {IrcMessage} line
 * @returns {Line}
 */
function said({ params: [, text = ""], tags, source }) {
  const id = tags.get("msgid") ?? "";
  return {
    id,
    kind: "said",
    nick: nickOf(source),
    // What other clients send for /me (CTCP ACTION).
    text: text.replace(actionMark, "* $1"),
    at: Date.parse(tags.get("time") ?? "") || Date.now(),
  };
}

/**
 * What was said while we were away, and was not shown yet.
 * @param {string} name
 * @param {readonly IrcMessage[]} lines
 */
function heardHistory(name, lines) {
  const { lastId = "" } = places.value.get(foldName(name)) ?? {};
  const missed = lines.map(said).filter(({ id }) => lastId === "" || isLaterId(id, lastId));
  addLines(name, missed);
  const newest = missed.at(-1);
  if (newest) change(name, () => ({ lastId: newest.id }));
}

/**
 * @param {readonly Member[]} members
 * @param {string} name
 */
const without = (members, name) => members.filter((one) => foldName(one.nick) !== foldName(name));

/** Operators first. @param {readonly Member[]} members */
function sorted(members) {
  return members.toSorted(
    (a, b) => Number(b.isOperator) - Number(a.isOperator) || a.nick.localeCompare(b.nick),
  );
}

/**
 * @param {string} name
 * @param {string} text
 */
function event(name, text) {
  addLines(name, [{ id: "", kind: "note", nick: "", text, at: Date.now() }]);
}

/**
 * @param {IrcMessage} line
 * @param {string} from
 */
function heardSaid(line, from) {
  const [target = ""] = line.params;
  const name = target.startsWith("#") || isOwn(from) ? target : from;
  const message = said(line);
  const { lastId = "" } = places.value.get(foldName(name)) ?? {};
  if (target.startsWith("#") && lastId !== "" && message.id !== "" && !isLaterId(message.id, lastId)) return;
  addLines(name, [message], { isOwn: isOwn(from) });
  if (target.startsWith("#")) change(name, () => ({ lastId: message.id }));
}

/**
 * @param {string} name
 * @param {string} who
 * @param {string} text what is told to those who stay
 */
function left(name, who, text) {
  if (isOwn(who)) forget(name);
  else {
    change(name, ({ members }) => ({ members: without(members, who) }));
    event(name, text);
  }
}

/**
 * What hears a line, by its command; `who` is the nick that it is from.
 * @type {Readonly<Record<string, (line: IrcMessage, who: string) => void>>}
 */
const handlers = {
  PRIVMSG: heardSaid,
  NOTICE: heardSaid,
  JOIN({ params: [name = ""] }, who) {
    change(name, ({ members }) => ({
      name,
      isHere: true,
      members: sorted([...without(members, who), { nick: who, isOperator: false }]),
    }));
    if (!isOwn(who)) return event(name, `${who} came in`);
    const { lastId = "" } = places.value.get(foldName(name)) ?? {};
    client?.send(
      "CHATHISTORY",
      lastId === "" ? ["LATEST", name, "*", "100"] : ["AFTER", name, `msgid=${lastId}`, "200"],
    );
    change(name, () => ({ members: [] }));
    if (current.value === "" || !places.value.has(current.value)) show(name);
  },
  PART: ({ params: [name = ""] }, who) => left(name, who, `${who} left`),
  KICK: ({ params: [name = "", who = "", reason = ""] }, by) =>
    left(name, who, `${by} put ${who} out: ${reason}`),
  QUIT({ params: [reason = ""] }, who) {
    for (const { name, members } of places.value.values()) {
      if (members.some((one) => foldName(one.nick) === foldName(who)))
        left(name, who, `${who} is gone (${reason})`);
    }
  },
  NICK({ params: [now = ""] }, who) {
    if (isOwn(who)) nick.value = now;
    for (const { name, members } of places.value.values()) {
      const member = members.find((one) => foldName(one.nick) === foldName(who));
      if (!member) continue;
      change(name, () => ({ members: sorted([...without(members, who), { ...member, nick: now }]) }));
      event(name, `${who} is ${now} now`);
    }
  },
  TOPIC({ params: [name = "", topic = ""] }, who) {
    change(name, () => ({ topic }));
    event(name, `${who} set the topic: ${topic}`);
  },
  MODE({ params: [name = "", letters = "", ...about] }, who) {
    if (!name.startsWith("#")) return;
    event(name, `${who} set ${[letters, ...about].join(" ")}`);
    // Whom it makes an operator, and whom not, the list of the members tells.
    if (letters.includes("o")) client?.send("NAMES", [name]);
  },
  INVITE: ({ params: [, name = ""] }, who) => note(place.value?.name, `${who} invites you to ${name}`),
  301: ({ params: [, who = "", reason = ""] }) => note(place.value?.name, `${who} is away: ${reason}`),
  332: ({ params: [, name = "", topic = ""] }) => change(name, () => ({ topic })),
  353({ params: [, , name = "", names = ""] }) {
    const found = names.split(" ").filter(Boolean);
    const listed = found.map((shown) => ({
      nick: shown.replace(/^[@+]+/, ""),
      isOperator: shown.startsWith("@"),
    }));
    change(name, ({ members }) => ({
      members: sorted([...listed.reduce((rest, one) => without(rest, one.nick), members), ...listed]),
    }));
  },
};

/** @param {IrcMessage} line */
function other({ command, params }) {
  if (/^4\d\d$/.test(command) && command !== "422") note(place.value?.name, params.slice(1).join(" "));
}
