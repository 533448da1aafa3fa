import type { Said } from "../../connection.ts";
import type { Floor } from "../../interceptor.ts";
import type { Effect } from "../fault.ts";

/** What goes wrong with the answers of a name server, for the questions of a name and type. */
export interface DnsAnswerFault {
  /**
   * `drop_answer`: none; `delay_answer`: later; `duplicate_answer`: twice; `reorder_answers`: behind the next one;
   * `servfail`, `nxdomain`, `refused`: that, without records; `wrong_id`: with another id; `truncated_answer`: only the
   * question, and TC; `other_port`: from a port that was not asked. Over TCP nothing is truncated, overtaken or sent
   * from elsewhere. `drop`, `duplicate`, `reorder` and `truncated_tc` are shorter names. Without a name and a type, what
   * does not look into an answer befalls datagrams that are not of DNS as well.
   */
  readonly fault:
    | "drop_answer"
    | "delay_answer"
    | "duplicate_answer"
    | "reorder_answers"
    | "servfail"
    | "nxdomain"
    | "refused"
    | "wrong_id"
    | "truncated_answer"
    | "other_port"
    | "drop"
    | "duplicate"
    | "reorder"
    | "truncated_tc";
  /** The name asked for, without regard to case; `*.example.test` are all below it. @default every name */
  readonly name?: string;
  /** The type asked for: `MX`. @default every type */
  readonly type?: string;
  /** For `delay_answer`: by how much. @default 1_000 */
  readonly delayMs?: number;
}

const headBytes = 12;
const tc = 0x0200;
const rcodes = { servfail: 2, nxdomain: 3, refused: 5 } as const;

export const dropAnswer = (fault: DnsAnswerFault): Effect =>
  answering(fault, "no answer", () => Promise.resolve());

export const delayAnswer = (fault: DnsAnswerFault): Effect => {
  const { delayMs = 1_000 } = fault;
  if (!(delayMs >= 0)) throw new TypeError(`delay_answer: delayMs must be 0 or more, got ${delayMs}`);
  return answering(fault, `answer ${delayMs} ms late`, async (floor) => {
    const said = await floor.pass();
    await floor.wait(delayMs);
    floor.say(said);
  });
};

export const duplicateAnswer = (fault: DnsAnswerFault): Effect =>
  answering(fault, "answer twice", async (floor) => {
    const said = await floor.pass();
    floor.say(said);
    floor.say(said);
  });

export const reorderAnswers = (fault: DnsAnswerFault): Effect =>
  answering(fault, "answer overtaken", async (floor) => {
    const said = await floor.pass();
    await floor.datagrams?.overtaken();
    floor.say(said);
  });

export const rcodeAnswer = (fault: DnsAnswerFault): Effect => {
  const rcode = rcodes[fault.fault as keyof typeof rcodes];
  return answering(fault, fault.fault.toUpperCase(), async (floor) => {
    floor.say(questionOf(await floor.pass(), (bits) => (bits & 0xfff0) | rcode));
  });
};

export const wrongId = (fault: DnsAnswerFault): Effect =>
  answering(fault, "wrong id", async (floor) => {
    const reply = Buffer.from(await floor.pass());
    if (reply.length >= headBytes) reply.writeUInt16BE(reply.readUInt16BE(0) ^ 0x5555, 0);
    floor.say(reply);
  });

export const truncatedAnswer = (fault: DnsAnswerFault): Effect =>
  answering(fault, "truncated answer", async (floor) => {
    const said = await floor.pass();
    floor.say(floor.datagrams ? questionOf(said, (bits) => bits | tc) : said);
  });

export const otherPort = (fault: DnsAnswerFault): Effect =>
  answering(fault, "answer from another port", async (floor) => {
    const said = await floor.pass();
    if (floor.datagrams) floor.datagrams.sayFromElsewhere(said);
    else floor.say(said);
  });

function answering(fault: DnsAnswerFault, title: string, turn: (floor: Floor) => Promise<void>): Effect {
  return { title, on: asking(fault), turn: () => turn };
}

/** Faults that look into an answer, and so need one of DNS. */
const isAboutDns = /^(?:servfail|nxdomain|refused|wrong_id|truncated)/;

/** The queries of a name and type, in the words of the dialect `dns`: `query 1 www.example.test. A rd`. */
function asking({ fault, name, type }: DnsAnswerFault): RegExp {
  if (name === undefined && type === undefined && !isAboutDns.test(fault)) return /^/;
  const asked = name?.replace(/\.$/, "").replaceAll(/[^\w*-]/g, String.raw`\$&`);
  const names = asked === undefined ? String.raw`\S+` : `${asked.replace(/^\*/, String.raw`\S+`)}\\.`;
  return new RegExp(String.raw`^query \d+ ${names} ${type ?? String.raw`\S+`}(?: |$)`, "i");
}

/** A reply of which only the header and the question are left. */
function questionOf(said: Said, header: (bits: number) => number): Buffer {
  const reply = Buffer.from(said);
  if (reply.length < headBytes) return reply;
  let end = headBytes;
  if (reply.readUInt16BE(4) > 0) {
    while ((reply[end] ?? 0) > 0) end += reply[end]! + 1;
    end += 5;
  }
  reply.writeUInt16BE(header(reply.readUInt16BE(2)), 2);
  reply.fill(0, 6, headBytes);
  return reply.subarray(0, end);
}
