import type { Effect } from "../fault.ts";
import { textOf } from "./replies.ts";

/** An extension that the server has and does not offer: `STARTTLS` for a downgrade. */
export interface HideCapabilityFault {
  readonly fault: "hide_capability";
  readonly capability: string;
}

export function hideCapability({ capability }: HideCapabilityFault): Effect {
  return {
    title: `hide ${capability}`,
    on: capabilityCommands,
    turn: () => async (floor) => floor.say(withoutCapability(textOf(await floor.pass()), capability)),
  };
}

/** An extension that the server offers and does not have. */
export interface AddCapabilityFault {
  readonly fault: "add_capability";
  readonly capability: string;
}

export function addCapability({ capability }: AddCapabilityFault): Effect {
  return {
    title: `add ${capability}`,
    on: capabilityCommands,
    turn: () => async (floor) => floor.say(withCapability(textOf(await floor.pass()), capability)),
  };
}

/** Where extensions are listed: RFC 5321 section 4.1.1.1, RFC 2033, RFC 2389 section 3. */
const capabilityCommands = "EHLO|LHLO|FEAT";

/** Lines of a reply: `250-SIZE 1000` of EHLO, ` REST STREAM` of FEAT. */
function withoutCapability(reply: string, capability: string): string {
  const lines = reply.split("\r\n").slice(0, -1);
  const kept = lines.filter((line, index) => index === 0 || !offers(line, capability));
  if (kept.length === lines.length) return reply;
  const last = kept.length - 1;
  return kept
    .map((line, index) => `${index === last ? line.replace(/^(\d{3})-/, "$1 ") : line}\r\n`)
    .join("");
}

function offers(line: string, capability: string): boolean {
  const offered = line.replace(/^(?:\d{3}[ -]| )/, "").toUpperCase();
  const wanted = capability.toUpperCase();
  return offered === wanted || offered.startsWith(`${wanted} `) || offered.startsWith(`${wanted}=`);
}

function withCapability(reply: string, capability: string): string {
  const lines = reply.split("\r\n").slice(0, -1);
  const code = /^\d{3}/.exec(reply)?.[0];
  if (code === undefined || !reply.startsWith("2")) return reply;
  // FEAT's list stands between two lines; EHLO's reply may have had one line only.
  const own = code === "211" ? ` ${capability}` : `${code}-${capability}`;
  const first = `${code}-${lines[0]!.slice(4)}`;
  if (lines.length === 1) return `${first}\r\n${code} ${code === "211" ? "End" : capability}\r\n`;
  return [first, ...lines.slice(1, -1), own, lines.at(-1)!].map((line) => `${line}\r\n`).join("");
}
