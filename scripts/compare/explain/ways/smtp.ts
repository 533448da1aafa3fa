import { sendMail } from "../../../../clients/smtp/index.ts";
import { startSmtp } from "../../../../servers/smtp/index.ts";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import { openTap } from "../tap.ts";
import { belowTcp, type Way } from "../way.ts";

/** The message as a mail. */
export const smtp: Way = {
  title: "SMTP, a mail",
  about:
    "The server speaks first; a conversation of commands and replies, and the message in the middle of it.",
  below: belowTcp,
  async open() {
    // In the clear: STARTTLS would hide what is to be seen.
    const server = await startSmtp({ capabilities: ["PIPELINING", "8BITMIME"], maxMails: 1 });
    return {
      async exchange(message, recording) {
        await using tap = await openTap(server.port, recording.channel("connection", cuts.smtp()));
        await sendMail({
          server: `smtp://127.0.0.1:${tap.port}`,
          from: "ann@example.com",
          to: "bob@example.com",
          subject: "The same message",
          text: message,
        });
        await tap.over;
        return message;
      },
      close: () => server.close({ graceMs: 0 }),
    };
  },
};
