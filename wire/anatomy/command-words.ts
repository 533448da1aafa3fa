import type { LineWords } from "./command-lines.ts";

/** Mail: RFC 5321. */
export const smtpWords: LineWords = {
  commandSource: "RFC 5321 section 4.1.1",
  replySource: "RFC 5321 section 4.2",
  furtherLine: "after EHLO: something that the server can do",
  verbs: {
    EHLO: "who is there, and what can you do?",
    HELO: "who is there?",
    "MAIL FROM": "a mail begins; errors go to this address",
    "RCPT TO": "it goes to this address, whatever its head says",
    DATA: "the mail follows",
    QUIT: "goodbye",
    RSET: "forget this mail",
    NOOP: "are you there?",
    STARTTLS: "TLS from here on",
  },
  replies: {
    "220": "ready; the server speaks first",
    "221": "goodbye",
    "250": "done",
    "354": "send the mail, and a dot at its end",
  },
};

/** Files: RFC 959, RFC 2428 for EPSV. */
export const ftpWords: LineWords = {
  commandSource: "RFC 959 section 4.1",
  replySource: "RFC 959 section 4.2",
  furtherLine: "for people",
  verbs: {
    USER: "who it is",
    PASS: "the password, for everybody on the way to read",
    TYPE: "I: bytes as they are",
    EPSV: "open a port for the data (RFC 2428 section 3)",
    PASV: "open a port for the data",
    STOR: "store what comes over the data connection under this name",
    RETR: "send this file over the data connection",
    QUIT: "goodbye",
  },
  replies: {
    "150": "the data connection may begin",
    "200": "done",
    "220": "ready; the server speaks first",
    "221": "goodbye",
    "226": "the file is there, the data connection over",
    "229": "connect to the port between the bars",
    "230": "logged in",
    "331": "and the password?",
  },
};
