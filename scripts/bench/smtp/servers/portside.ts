import { startSmtp } from "../../../../servers/smtp/index.ts";
import type { IncomingMail, Mailbox, StoredMail } from "../../../../servers/smtp/mailbox.ts";
import { answerBench } from "../../child.ts";
import { Keeper } from "../keeper.ts";

/* Our server: `raw` with a mailbox that keeps bytes as the bare sink does, `whole` as a user gets it. */

const keeper = new Keeper();
const smtp = process.argv[2] === "raw" ? await startSmtp({ mailbox: rawMailbox() }) : await startSmtp();

answerBench({ port: smtp.port }, async (request: { indexed?: string }) => {
  if (request.indexed === undefined) return { count: keeper.count };
  const page = await smtp.mailbox.search({ query: request.indexed }, { limit: 1 });
  return { count: page.matches };
});

function rawMailbox(): Mailbox {
  const nothing = (): Promise<never> => Promise.reject(new Error("the bench's mailbox only keeps"));
  return {
    add(mail: IncomingMail): StoredMail {
      keeper.keep(mail.raw);
      const sequence = keeper.count;
      return { ...mail, sequence, id: String(sequence), receivedAtMs: Date.now(), isRead: false, tags: [] };
    },
    get: () => Promise.resolve(undefined),
    search: nothing,
    list: nothing,
    count: nothing,
    mark: nothing,
    remove: nothing,
    watch: () => () => {},
    close: () => Promise.resolve(),
  };
}
