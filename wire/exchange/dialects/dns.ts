import { decodeDns, DnsFormatError, dnsTypes, encodeDns } from "../../dns.ts";
import type { DnsFlag, DnsMessage, DnsRecord } from "../../dns.ts";
import { bufferOf, byteString } from "../byte-string.ts";
import type { Dialect, Dialogue, Message } from "../dialect.ts";

/**
 * DNS over UDP, a message for each datagram:
 *
 *     query ID NAME TYPE [rd] [cd] [ad]
 *     reply ID RCODE [aa] [tc] [ra] [ad] [cd] NAME TYPE [=> [NAME] TTL [TYPE] DATA]…
 *
 * The name and type of an answer are told only where they differ from the question's. Authority and additional
 * records (and with them EDNS) are not told, nor are they said; whoever needs them writes the datagram in `hex`.
 */
export const dns: Dialect = {
  name: "dns",
  schemes: ["dns"],
  kinds: [],
  open: () => new DnsDialogue(),
  show: (message) => [message.text],
};

class DnsDialogue implements Dialogue {
  /** Questions that asked for recursion, by id: RFC 1035 section 4.1.1 copies RD into the response. */
  readonly #recursive = new Set<number>();

  cut(_speaker: "C" | "S", bytes: string): Message[] {
    try {
      const message = decodeDns(bufferOf(bytes));
      if (!message.flags.has("qr")) {
        if (message.flags.has("rd")) this.#recursive.add(message.id);
        else this.#recursive.delete(message.id);
      }
      return [{ kind: "", text: printDns(message), raw: bytes }];
    } catch (error) {
      if (!(error instanceof DnsFormatError)) throw error;
      return [{ kind: "raw", text: bytes, raw: bytes }];
    }
  }

  unfinished(): string {
    return "";
  }

  encode(_speaker: "C" | "S", _kind: string, text: string): string {
    const message = parseDns(text);
    const isRecursive = message.flags.has("qr") && this.#recursive.has(message.id);
    const flags = isRecursive ? new Set([...message.flags, "rd" as const]) : message.flags;
    return byteString(encodeDns({ ...message, flags }));
  }
}

/** A message in the words of a script. */
export function printDns(message: DnsMessage): string {
  const question = message.questions[0];
  const asked = question === undefined ? ". TYPE0" : `${question.name} ${question.type}`;
  const shown = (flags: readonly DnsFlag[]): string[] => flags.filter((flag) => message.flags.has(flag));
  if (!message.flags.has("qr")) {
    return ["query", message.id, asked, ...shown(["rd", "cd", "ad"])].join(" ");
  }
  const answers = message.answers.map((answer) => {
    const name = answer.name === question?.name ? [] : [answer.name];
    const type = answer.type === question?.type ? [] : [answer.type];
    return ["=>", ...name, answer.ttl, ...type, answer.data].join(" ");
  });
  const flags = shown(["aa", "tc", "ra", "ad", "cd"]);
  return ["reply", message.id, message.rcode, ...flags, asked, ...answers].join(" ");
}

/** The message that words mean. @throws {TypeError} when they mean none */
export function parseDns(text: string): DnsMessage {
  const [head = "", ...answers] = text.split(/ => /);
  const words = head.split(/ +/);
  const kind = words.shift();
  const id = Number(words.shift());
  if ((kind !== "query" && kind !== "reply") || !(id >= 0 && id <= 65_535)) {
    throw new TypeError(`'${text.slice(0, 60)}' is neither 'query ID NAME TYPE [rd]' nor 'reply ID RCODE …'`);
  }
  const rcode = kind === "reply" ? (words.shift() ?? "") : "NOERROR";
  const flags = new Set<DnsFlag>(kind === "reply" ? ["qr"] : []);
  const rest = words.filter((word) => {
    const flag = (["aa", "tc", "rd", "ra", "ad", "cd"] as const).find((known) => known === word);
    if (flag !== undefined) flags.add(flag);
    return flag === undefined;
  });
  const [name = "", type = ""] = rest;
  if (rest.length !== 2) throw new TypeError(`'${head.slice(0, 60)}' needs a name and a type`);
  return {
    id,
    flags,
    opcode: 0,
    rcode,
    questions: [{ name, type, class: "IN" }],
    answers: answers.map((answer) => parseAnswer(answer, name, type)),
    authorities: [],
    additionals: [],
  };
}

function parseAnswer(text: string, asked: string, askedType: string): DnsRecord {
  const found = /^(?:([^ ]*[^ \d][^ ]*|\.) )?(\d+) (.*)$/s.exec(text.trim());
  if (!found) throw new TypeError(`'${text.slice(0, 60)}' is not [NAME] TTL [TYPE] DATA`);
  const [, name = asked, ttl, rest] = found;
  const [first = "", ...others] = rest!.split(" ");
  const isType = others.length > 0 && (first in dnsTypes || /^TYPE\d+$/.test(first));
  const type = isType ? first : askedType;
  return { name, type, class: "IN", ttl: Number(ttl), data: isType ? others.join(" ") : rest! };
}
