import { type Inbox, type SmtpOptions, type SmtpServer, startSmtp } from "../../servers/smtp/index.ts";
import type { Fixture } from "./fixture.ts";

/** What a test can name to receive mail. */
export interface MailFixtures {
  /** How `smtp` is started; others with `test.override({ smtpOptions: { … } })` or `test.extend`. */
  smtpOptions: SmtpOptions;
  /** A mail server of the test's own, closed when the test is over. */
  smtp: SmtpServer;
  /** An inbox on it. */
  inbox: Inbox;
}

interface MailFixtureTable {
  smtpOptions: SmtpOptions;
  smtp: Fixture<Pick<MailFixtures, "smtpOptions">, SmtpServer>;
  inbox: Fixture<Pick<MailFixtures, "smtp">, Inbox>;
}

/** For `test.extend`. */
export const mailFixtures: MailFixtureTable = {
  smtpOptions: {},
  smtp: async ({ smtpOptions }, use) => {
    await using smtp = await startSmtp(smtpOptions);
    await use(smtp);
  },
  inbox: async ({ smtp }, use) => {
    await use(smtp.inbox());
  },
};
