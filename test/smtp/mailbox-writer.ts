import { writeSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { openSqliteMailbox } from "../../servers/smtp/mailboxes/sqlite.ts";
import { incoming, letter } from "../contracts/mails.ts";

/**
 * Fills the mailbox file of its first argument until it is killed, and says every mail on stdout once its `add` has
 * resolved: `sequence id`. It works in turns of 20 mails, as a server with 20 sessions does.
 */
const mailbox = openSqliteMailbox({ file: process.argv[2] ?? "" });
for (let turn = 0; ; turn += 1) {
  for (let n = 0; n < 20; n += 1) void tellWhenAdded(turn * 20 + n);
  await setImmediate();
}

async function tellWhenAdded(n: number): Promise<void> {
  const { sequence, id } = await mailbox.add(incoming(letter(`mail ${n}`, `${n} `.repeat(300))));
  // Synchronous: what is said here must have left the process before it is killed.
  writeSync(1, `${sequence} ${id}\n`);
}
