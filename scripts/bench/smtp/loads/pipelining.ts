import { once } from "node:events";
import { connect } from "node:net";
import { generateLoad } from "./load.ts";

/*
 * A client that pipelines as far as RFC 2920 lets it: the end of a mail and the next MAIL, RCPT and DATA leave in one
 * write; the mail follows when its 354 is there.
 */

const envelope = "MAIL FROM:<load@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n";
const head = "From: load@example.com\r\nTo: ann@example.com\r\nSubject: pipelined\r\n\r\n";
const mail = `${head}${"A line of the text, sixty-four characters with its end, or so.\r\n".repeat(15)}.\r\n`;
const mailAndEnvelope = Buffer.from(mail + envelope);
const lastMail = Buffer.from(`${mail}QUIT\r\n`);
/** 250 for the mail before, 250, 250 and 354. */
const repliesPerMail = 4;
const lf = 0x0a;

generateLoad(async (port, next) => {
  if (!next()) return;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let owed = 1;
  let step: "greeting" | "ehlo" | "mail" = "greeting";
  socket.on("data", (replies: Buffer) => {
    if (replies[0] === 0x34 || replies[0] === 0x35) throw new Error(`refused: ${replies.toString()}`);
    // EHLO's reply has lines of its own; it is the only thing sent then, so it ends with the chunk.
    if (step === "ehlo") owed = replies.at(-1) === lf && /^250 /m.test(replies.toString()) ? 0 : 1;
    else for (let at = replies.indexOf(lf); at !== -1; at = replies.indexOf(lf, at + 1)) owed -= 1;
    if (owed > 0) return;
    if (step === "greeting") {
      step = "ehlo";
      owed = 1;
      socket.write("EHLO load.test\r\n");
    } else if (step === "ehlo") {
      step = "mail";
      owed = repliesPerMail - 1;
      socket.write(envelope);
    } else if (next()) {
      owed = repliesPerMail;
      socket.write(mailAndEnvelope);
    } else {
      owed = Infinity;
      socket.write(lastMail);
    }
  });
  await once(socket, "close");
});
