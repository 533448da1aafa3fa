import { startDashboard, type Dashboard, type DashboardOptions } from "../../servers/dashboard/index.ts";
import type { Envelope, Mailbox, SessionRecord, StoredMail } from "../../servers/smtp/mailbox.ts";
import { openSqliteMailbox } from "../../servers/smtp/mailboxes/sqlite.ts";
import { Recorder } from "../../wire/transcript.ts";

/** A dashboard over a mailbox in memory and a transcript that the test writes itself. */
export interface Fixture extends AsyncDisposable {
  readonly dashboard: Dashboard;
  readonly mailbox: Mailbox;
  readonly recorder: Recorder;
  /** A mail arrives. */
  arrive(raw: string, more?: Partial<Arrival>): Promise<StoredMail>;
  /** A REST call; `path` begins after `/api/v1`. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

export interface Arrival {
  readonly envelope: Envelope;
  readonly session: Partial<SessionRecord>;
  readonly tags: readonly string[];
}

export async function startFixture(
  options: Partial<DashboardOptions> = {},
  recorder = new Recorder("smtp", 1000),
): Promise<Fixture> {
  const mailbox = openSqliteMailbox();
  let inboxes = 0;
  const dashboard = await startDashboard({
    mail: {
      mailbox,
      transcript: recorder,
      url: "smtp://127.0.0.1:1025",
      inbox() {
        inboxes += 1;
        return {
          address: `box${inboxes}@portside.test`,
          user: `box${inboxes}`,
          password: `secret${inboxes}`,
        };
      },
    },
    ...options,
  });
  return {
    dashboard,
    mailbox,
    recorder,
    async arrive(raw, { envelope, session, tags = [] } = {}) {
      return mailbox.add({
        raw: new TextEncoder().encode(raw.replace(/\r?\n/g, "\r\n")),
        envelope: envelope ?? envelopeOf(raw),
        session: { ...someSession, ...session },
        tags,
      });
    },
    call: (path, init) => fetch(`${dashboard.url}/api/v1${path}`, init),
    async [Symbol.asyncDispose]() {
      await dashboard.close();
      recorder.close();
      await mailbox.close();
    },
  };
}

/** A plain mail from Bob to Ann. */
export const letter = (subject: string, body = "Hello Ann"): string =>
  `From: Bob <bob@example.com>\nTo: Ann <ann@example.com>\nSubject: ${subject}\nMessage-ID: <${subject.replace(/\W/g, "")}@example.com>\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n\n${body}\n`;

/** A mail with this HTML and nothing else. */
export const htmlLetter = (subject: string, html: string): string =>
  `From: Bob <bob@example.com>\nTo: Ann <ann@example.com>\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n${html}\n`;

function envelopeOf(raw: string): Envelope {
  const addresses = (name: string): string[] =>
    (new RegExp(`^${name}: (.*)$`, "im").exec(raw)?.[1] ?? "").match(/[^\s<>,]+@[^\s<>,]+/g) ?? [];
  return {
    mailFrom: addresses("From")[0] ?? "",
    parameters: {},
    rcptTo: [...addresses("To"), ...addresses("Cc")].map((address) => ({ address, parameters: {} })),
  };
}

const someSession: SessionRecord = {
  connection: 1,
  clientName: "client.test",
  clientAddress: "127.0.0.1",
  clientPort: 40_000,
  protocol: "ESMTP",
  flags: [],
  transcript: [
    { sequence: 1, atMs: 1_800_000_000_000, connection: 1, from: "S", text: "220 portside.test ESMTP" },
    { sequence: 2, atMs: 1_800_000_000_001, connection: 1, from: "C", text: "EHLO client.test" },
  ],
};
