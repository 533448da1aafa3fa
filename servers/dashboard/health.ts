import type { Route } from "./route.ts";

/** For those who watch the server: is it there, is it well, how much does it hold. */
export const healthRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/livez",
    summary: "Is the process there",
    answers: { 200: { description: "`ok`" } },
    answer: (context) => context.text("ok"),
  },
  {
    method: "GET",
    path: "/readyz",
    summary: "Does the mailbox answer",
    answers: { 200: { description: "`ok`" }, 503: { description: "What is wrong" } },
    answer: async (context, { settings }) => {
      try {
        await settings.mail.mailbox.count();
        return context.text("ok");
      } catch (error) {
        return context.text(`the mailbox does not answer: ${(error as Error).message}`, 503);
      }
    },
  },
  {
    method: "GET",
    path: "/metrics",
    summary: "Figures for Prometheus: Mailpit's names and our own",
    answers: { 200: { description: "Text format 0.0.4", type: "text/plain" } },
    answer: async (context, { settings, tally, journal }) => {
      const counts = await settings.mail.mailbox.count();
      const figures: [name: string, kind: "gauge" | "counter", help: string, value: number | Sample[]][] = [
        ["mailpit_messages", "gauge", "Messages in the mailbox", counts.total],
        ["mailpit_messages_unread", "gauge", "Unread messages in the mailbox", counts.unread],
        ["mailpit_database_size_bytes", "gauge", "Bytes of all messages", counts.bytes],
        ["mailpit_messages_deleted_total", "counter", "Messages deleted since the start", tally.deleted],
        ["mailpit_smtp_accepted_total", "counter", "Messages accepted since the start", tally.accepted],
        [
          "mailpit_smtp_accepted_size_bytes_total",
          "counter",
          "Bytes of messages accepted",
          tally.acceptedBytes,
        ],
        ["mailpit_smtp_rejected_total", "counter", "Replies that refused for good", tally.refused],
        ["mailpit_smtp_ignored_total", "counter", "Messages not kept though accepted: none", 0],
        [
          "mailpit_uptime_seconds",
          "gauge",
          "Seconds since the start",
          (Date.now() - tally.startedAtMs) / 1000,
        ],
        ["mailpit_memory_usage_bytes", "gauge", "Memory of the process", process.memoryUsage.rss()],
        ["mailpit_tag_messages", "gauge", "Messages per tag", Object.entries(counts.tags)],
        [
          "portside_mailbox_changes_total",
          "counter",
          "Changes of the mailbox since the start",
          journal.place().number,
        ],
        [
          "portside_mail_sequence",
          "gauge",
          "Sequence number of the newest message",
          journal.place().sequence,
        ],
      ];
      return context.text(figures.map((figure) => metric(...figure)).join(""), 200, {
        "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      });
    },
  },
];

type Sample = [tag: string, value: number];

function metric(name: string, kind: string, help: string, value: number | readonly Sample[]): string {
  const samples =
    typeof value === "number"
      ? [`${name} ${value}\n`]
      : value.map(([tag, count]) => `${name}{tag=${JSON.stringify(tag)}} ${count}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${samples.join("")}`;
}
