import type { MailFace } from "../options.ts";

/** What happened to a mail server since its dashboard started. */
export interface Tally {
  readonly startedAtMs: number;
  readonly accepted: number;
  readonly acceptedBytes: number;
  readonly deleted: number;
  /** Replies that refused for good (5yz, RFC 5321 section 4.2.1). */
  readonly refused: number;
  stop(): void;
}

/** Count what a mail server takes, loses and refuses from now on. */
export function tallyOf(mail: MailFace): Tally {
  const tally = {
    startedAtMs: Date.now(),
    accepted: 0,
    acceptedBytes: 0,
    deleted: 0,
    refused: 0,
    stop: () => {},
  };
  const stopMailbox = mail.mailbox.watch((event) => {
    if (event.type === "added") {
      tally.accepted += 1;
      tally.acceptedBytes += event.mail.raw.byteLength;
    } else if (event.type === "removed") {
      tally.deleted += event.ids.length;
    }
  });
  const stopTranscript = mail.transcript.watch((entry) => {
    if (entry.from === "S" && /^5\d\d/.test(entry.text)) tally.refused += 1;
  });
  tally.stop = () => {
    stopMailbox();
    stopTranscript();
  };
  return tally;
}
