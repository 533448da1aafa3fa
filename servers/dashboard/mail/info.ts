import { object, ref, text, yes, type Route } from "../route.ts";

/** What the server says about itself. */
export const infoRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/info",
    summary: "Version, counts, uptime and memory",
    answers: { 200: { description: "The state of the server", schema: ref("Info") } },
    answer: async (context, { settings, tally, version }) => {
      const counts = await settings.mail.mailbox.count();
      return context.json({
        Version: version,
        LatestVersion: version,
        Database: settings.mail.database ?? "",
        DatabaseSize: counts.bytes,
        Messages: counts.total,
        Unread: counts.unread,
        Tags: counts.tags,
        SMTP: settings.mail.url,
        RuntimeStats: {
          Uptime: Math.floor((Date.now() - tally.startedAtMs) / 1000),
          Memory: process.memoryUsage.rss(),
          MessagesDeleted: tally.deleted,
          SMTPAccepted: tally.accepted,
          SMTPAcceptedSize: tally.acceptedBytes,
          SMTPRejected: tally.refused,
          // Every accepted mail is kept, a repeated one as well.
          SMTPIgnored: 0,
        },
      });
    },
  },
  {
    method: "GET",
    path: "/api/v1/webui",
    summary: "What the page may offer",
    answers: {
      200: {
        description: "The configuration",
        schema: object({ Label: text, ChaosEnabled: yes, DuplicatesIgnored: yes, SpamAssassin: yes }),
      },
    },
    answer: (context, { settings, version }) =>
      context.json({
        Label: settings.label,
        Version: version,
        SMTP: settings.mail.url,
        FTP: settings.files?.url ?? "",
        FTPS: settings.files?.ftpsUrl ?? "",
        Compare: settings.compare !== undefined,
        FTPUser: settings.files?.user ?? "",
        MessageRelay: {
          Enabled: false,
          SMTPServer: "",
          ReturnPath: "",
          AllowedRecipients: "",
          RecipientAllowlist: "",
          BlockedRecipients: "",
          OverrideFrom: "",
          PreserveMessageIDs: false,
        },
        SpamAssassin: false,
        ChaosEnabled: settings.mail.chaos !== undefined,
        DuplicatesIgnored: false,
        HideDeleteAllButton: false,
      }),
  },
];
