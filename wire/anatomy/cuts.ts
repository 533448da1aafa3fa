import type { Cut, Part } from "../anatomy.ts";
import { commandLine } from "./command-lines.ts";
import { ftpWords, smtpWords } from "./command-words.ts";
import { datagram } from "./datagram.ts";
import { httpBody, httpHead } from "./http-message.ts";
import { lengthFrame } from "./length-frame.ts";
import { mailText } from "./mail-text.ts";
import { textOf } from "./text.ts";
import { tlsRecord } from "./tls-record.ts";
import { websocketFrame } from "./websocket-frame.ts";

/** How each kind of conversation is cut; every conversation needs a cut of its own, made here. */
export const cuts = {
  tcp: (): Cut => (_from, bytes) => lengthFrame(bytes),
  tls: (): Cut => (_from, bytes) => tlsRecord(bytes),
  udp: (): Cut => (_from, bytes) => datagram(bytes),
  http,
  smtp,
  ftp: (): Cut => (from, bytes) => commandLine(from, bytes, ftpWords),
  /** What passes is the file, as it comes. */
  "ftp-data": (): Cut => (_from, bytes) => filePiece(bytes),
} as const;

/** Heads and bodies, until both sides have switched to WebSocket; frames from there on. */
function http(): Cut {
  let hasSwitched = false;
  const bodyBytes = { client: 0, server: 0 };
  return (from, bytes): Part | undefined => {
    if (hasSwitched) return websocketFrame(bytes);
    const length = bodyBytes[from];
    if (length > 0) {
      const body = httpBody(bytes, length);
      if (body) bodyBytes[from] = 0;
      return body;
    }
    const head = httpHead(from, bytes);
    if (!head) return undefined;
    bodyBytes[from] = head.bodyBytes;
    hasSwitched = head.isSwitching;
    return head;
  };
}

/** Commands and replies, and after 354 the mail. */
function smtp(): Cut {
  let isMailNext = false;
  return (from, bytes) => {
    if (from === "client" && isMailNext) {
      const mail = mailText(bytes);
      if (mail) isMailNext = false;
      return mail;
    }
    const part = commandLine(from, bytes, smtpWords);
    if (part?.title === "reply 354") isMailNext = true;
    return part;
  };
}

function filePiece(bytes: Buffer): Part {
  const field = {
    name: "file",
    offset: 0,
    length: bytes.length,
    value: textOf(bytes),
    meaning: "the message, and nothing else: the end of the connection is its end",
    source: "RFC 959 section 3.4.1",
  };
  return { title: `file, ${bytes.length} bytes`, bytes, fields: [field] };
}
