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

let client;
let batch;

/** Come in, and go into rooms. */
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

function entered(own, rooms) {
  nick.value = own;
  connection.value = "in";
  localStorage.setItem("nick", own);
  const again = [...places.value.values()].filter(({ name }) => name.startsWith("#")).map(({ name }) => name);
  for (const name of again.length > 0 ? again : rooms) client.send("JOIN", [name]);
}

/** Go into a room, or talk to somebody. */
export function open(name) {
  if (name.startsWith("#")) client.send("JOIN", [name]);
  else change(name, () => ({}));
  show(name);
}

/** Leave what is shown. */
export function close() {
  const { name = "" } = place.value ?? {};
  if (name.startsWith("#")) client.send("PART", [name]);
  else forget(name);
}

export function leave() {
  client?.leave();
  connection.value = "out";
  nick.value = "";
  places.value = new Map();
}

/** Say something where we are, or do what a line with a slash says. */
export function say(text) {
  const [, verb, rest = ""] = /^\/(\w+)\s*(.*)$/s.exec(text) ?? [];
  const { name } = place.value ?? {};
  if (verb === "join") open(rest.startsWith("#") ? rest : `#${rest}`);
  else if (verb === "part") close();
  else if (verb === "nick") client.send("NICK", [rest]);
  else if (verb === "topic" && name) client.send("TOPIC", [name], rest);
  else if (verb === "msg") {
    const [to, ...words] = rest.split(" ");
    open(to);
    client.send("PRIVMSG", [to], words.join(" "));
  } else if (verb !== undefined) note(name, `/${verb} is no command: /join /part /nick /topic /msg`);
  else if (name) client.send("PRIVMSG", [name], text);
}

function note(name, text) {
  if (name) addLines(name, [{ id: "", kind: "note", nick: "", text, at: Date.now() }]);
}

function hear(line) {
  const { command, params, tags } = line;
  if (command === "BATCH") {
    if (params[0].startsWith("+")) batch = { name: params[2], lines: [] };
    else {
      heardHistory(batch.name, batch.lines);
      batch = undefined;
    }
  } else if (tags.has("batch") && batch) batch.lines.push(line);
  else (handlers[command] ?? other)(line, nickOf(line.source));
}

const isOwn = (name) => foldName(name) === foldName(nick.value);

function said({ params: [, text], tags, source }) {
  const id = tags.get("msgid") ?? "";
  return {
    id,
    kind: "said",
    nick: nickOf(source),
    text,
    at: Date.parse(tags.get("time") ?? "") || Date.now(),
  };
}

/** What was said while we were away, and was not shown yet. */
function heardHistory(name, lines) {
  const { lastId = "" } = places.value.get(foldName(name)) ?? {};
  const missed = lines.map(said).filter(({ id }) => lastId === "" || isLaterId(id, lastId));
  addLines(name, missed);
  if (missed.length > 0) change(name, () => ({ lastId: missed.at(-1).id }));
}

const without = (members, name) => members.filter((one) => foldName(one.nick) !== foldName(name));

function sorted(members) {
  return members.toSorted((a, b) => b.isOperator - a.isOperator || a.nick.localeCompare(b.nick));
}

function event(name, text) {
  addLines(name, [{ id: "", kind: "note", nick: "", text, at: Date.now() }]);
}

function heardSaid(line, from) {
  const [target] = line.params;
  const name = target.startsWith("#") || isOwn(from) ? target : from;
  const message = said(line);
  const { lastId = "" } = places.value.get(foldName(name)) ?? {};
  if (target.startsWith("#") && lastId !== "" && message.id !== "" && !isLaterId(message.id, lastId)) return;
  addLines(name, [message], { isOwn: isOwn(from) });
  if (target.startsWith("#")) change(name, () => ({ lastId: message.id }));
}

function left(name, who, text) {
  if (isOwn(who)) forget(name);
  else {
    change(name, ({ members }) => ({ members: without(members, who) }));
    event(name, text);
  }
}

const handlers = {
  PRIVMSG: heardSaid,
  NOTICE: heardSaid,
  JOIN({ params: [name] }, who) {
    change(name, ({ members }) => ({
      name,
      isHere: true,
      members: sorted([...without(members, who), { nick: who, isOperator: false }]),
    }));
    if (!isOwn(who)) return event(name, `${who} came in`);
    const { lastId } = places.value.get(foldName(name));
    client.send(
      "CHATHISTORY",
      lastId === "" ? ["LATEST", name, "*", "100"] : ["AFTER", name, `msgid=${lastId}`, "200"],
    );
    change(name, () => ({ members: [] }));
    if (current.value === "" || !places.value.has(current.value)) show(name);
  },
  PART: ({ params: [name] }, who) => left(name, who, `${who} left`),
  KICK: ({ params: [name, who, reason] }, by) => left(name, who, `${by} put ${who} out: ${reason}`),
  QUIT({ params: [reason] }, who) {
    for (const { name, members } of places.value.values()) {
      if (members.some((one) => foldName(one.nick) === foldName(who)))
        left(name, who, `${who} is gone (${reason})`);
    }
  },
  NICK({ params: [now] }, who) {
    if (isOwn(who)) nick.value = now;
    for (const { name, members } of places.value.values()) {
      const member = members.find((one) => foldName(one.nick) === foldName(who));
      if (!member) continue;
      change(name, () => ({ members: sorted([...without(members, who), { ...member, nick: now }]) }));
      event(name, `${who} is ${now} now`);
    }
  },
  TOPIC({ params: [name, topic] }, who) {
    change(name, () => ({ topic }));
    event(name, `${who} set the topic: ${topic}`);
  },
  MODE({ params: [name, mode, who] }) {
    if (!who || !/^[+-]o$/.test(mode)) return;
    const isOperator = mode === "+o";
    change(name, ({ members }) => ({
      members: sorted([...without(members, who), { nick: who, isOperator }]),
    }));
  },
  332: ({ params: [, name, topic] }) => change(name, () => ({ topic })),
  353({ params: [, , name, names] }) {
    const found = names.split(" ").filter(Boolean);
    const listed = found.map((shown) => ({
      nick: shown.replace(/^@/, ""),
      isOperator: shown.startsWith("@"),
    }));
    change(name, ({ members }) => ({
      members: sorted([...listed.reduce((rest, one) => without(rest, one.nick), members), ...listed]),
    }));
  },
};

function other({ command, params }) {
  if (/^4\d\d$/.test(command) && command !== "422") note(place.value?.name, params.slice(1).join(" "));
}
