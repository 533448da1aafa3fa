import { foldName, type IrcMessage, nickOf } from "../../../wire/irc.ts";
import type { Journal } from "../../../wire/journal.ts";
import type { Barriers } from "./barriers.ts";
import { Batches } from "./batches.ts";
import type { ChatEvent } from "./events.ts";
import { changeOf, describeRoom, saidOf } from "./happenings.ts";
import type { JoinedRooms } from "./rooms.ts";
import { ownTag, type UnconfirmedMessages } from "./unconfirmed.ts";

/** Whom a line can concern. */
export interface HearingParts {
  readonly rooms: JoinedRooms;
  readonly unconfirmed: UnconfirmedMessages;
  readonly barriers: Barriers;
  readonly events: Journal<ChatEvent>;
}

/** Takes each line of the server to whom it concerns, and knows who the server says we are. */
export class ChatHearing {
  nick: string;
  /** With this the server knows us again on the next connection; empty where it gave none. */
  token = "";
  readonly #parts: HearingParts;
  #batches = new Batches();

  constructor(nick: string, parts: HearingParts) {
    this.nick = nick;
    this.#parts = parts;
  }

  /** Another connection begins: what was half said on the last one is never finished. */
  begin(): void {
    this.#batches = new Batches();
  }

  hear(message: IrcMessage): void {
    const batch = this.#batches.take(message);
    if (batch === undefined) this.#heardOne(message);
    else if (batch === "inside") return;
    else if (batch.type === "chathistory") this.#parts.rooms.heardHistory(batch);
    else for (const one of batch.lines) this.#heardOne(one);
  }

  #heardOne(message: IrcMessage): void {
    const { rooms, unconfirmed, barriers } = this.#parts;
    const { command, params, tags } = message;
    const label = tags.get("label");
    const [first = "", second = ""] = params;
    switch (command) {
      case "PONG":
        barriers.answered(params.at(-1) ?? "");
        return;
      case "RESUME":
        if (first === "TOKEN") this.token = second;
        return;
      case "ACK":
        unconfirmed.confirm(label, "");
        return;
      case "PRIVMSG":
      case "NOTICE":
        this.#heardSaid(message, label);
        return;
      case "366":
        rooms.entered(second);
        return;
      default:
        if (describeRoom(message, rooms.all)) return;
        if (/^[45]\d\d$/.test(command) || command === "FAIL") this.#refused(message, label);
        else this.#changed(message);
    }
  }

  #heardSaid(message: IrcMessage, label: string | undefined): void {
    const { rooms, unconfirmed, events } = this.#parts;
    const said = saidOf(message, this.nick);
    if (!said) return;
    if (said.isOwn) unconfirmed.confirm(label ?? message.tags.get(ownTag), said.id);
    const room = rooms.get(said.room);
    if (!room || room.take(said.id, said)) events.add(said);
  }

  #refused({ command, params }: IrcMessage, label: string | undefined): void {
    const reason = `${command} ${params.slice(1).join(" ")}`;
    if (this.#parts.unconfirmed.refuse(label, reason)) return;
    const refused = command === "FAIL" ? (params[0] ?? "") : "JOIN";
    for (const name of params.slice(1)) this.#parts.rooms.refused(name, refused, reason);
  }

  #changed(message: IrcMessage): void {
    const { rooms, events } = this.#parts;
    const isOwn = (nick: string): boolean => foldName(nick) === foldName(this.nick);
    for (const { room, event } of changeOf(message, rooms.all)) {
      if (room === undefined || room.take(message.tags.get("msgid") ?? "", event)) events.add(event);
      if (event.type === "kick" && isOwn(event.nick)) rooms.all.delete(foldName(event.room));
    }
    if (message.command === "NICK" && isOwn(nickOf(message.source))) this.nick = message.params[0] ?? "";
  }
}
