import type { ChatCommand } from "../command.ts";
import type { ChatSession } from "../session.ts";
import { register } from "./registration.ts";

/** What a client may ask for (IRCv3), with what it is told about it. */
const capabilities: ReadonlyMap<string, string> = new Map([
  ["away-notify", ""],
  ["batch", ""],
  ["cap-notify", ""],
  ["draft/chathistory", ""],
  ["draft/event-playback", ""],
  ["echo-message", ""],
  ["extended-join", ""],
  ["invite-notify", ""],
  ["labeled-response", ""],
  ["message-tags", ""],
  ["multi-prefix", ""],
  ["portside/resume", ""],
  ["server-time", ""],
  ["setname", ""],
  ["standard-replies", ""],
  ["userhost-in-names", ""],
]);

/** Capability negotiation (IRCv3, version 302): LS, LIST, REQ and END. */
export const cap: ChatCommand = {
  name: "CAP",
  minParams: 1,
  isEarly: true,
  run(session, { params: [verb = "", asked = ""] }) {
    switch (verb.toUpperCase()) {
      case "LS":
        session.isNegotiating = !session.isRegistered;
        session.send("CAP", [session.name, "LS"], [...capabilities.keys()].join(" "));
        return;
      case "LIST":
        session.send("CAP", [session.name, "LIST"], [...session.capabilities].join(" "));
        return;
      case "REQ":
        session.isNegotiating = !session.isRegistered;
        request(session, asked);
        return;
      case "END":
        session.isNegotiating = false;
        return register(session);
      default:
        session.numeric("410", [verb], "Invalid CAP command");
    }
  },
};

/** All of it, or nothing. */
function request(session: ChatSession, asked: string): void {
  const words = asked.split(" ").filter((word) => word !== "");
  const isKnown = words.every((word) => capabilities.has(word.replace(/^-/, "")));
  if (isKnown) {
    for (const word of words) {
      if (word.startsWith("-")) session.capabilities.delete(word.slice(1));
      else session.capabilities.add(word);
    }
    session.understanding = {
      time: session.capabilities.has("server-time"),
      tags: session.capabilities.has("message-tags"),
    };
  }
  session.send("CAP", [session.name, isKnown ? "ACK" : "NAK"], asked);
}
