import { describe, expect, test } from "vitest";
import { startSmtp } from "../../../servers/smtp/index.ts";
import { needs, runTool } from "../../peers/tools.ts";

describe("Postfix smtp-source", needs("smtp-source"), () => {
  test.for([
    ["20 sessions that keep their connections", ["-d", "-s", "20", "-m", "1000"], 1000, 1],
    ["50 sessions with a connection for each mail", ["-s", "50", "-m", "500"], 500, 1],
    ["20 recipients each", ["-d", "-s", "5", "-m", "100", "-r", "20"], 100, 20],
    ["mails of 200 KB", ["-d", "-s", "10", "-m", "50", "-l", "200000"], 50, 1],
    ["LMTP", ["-L", "-d", "-s", "10", "-m", "200", "-r", "3"], 200, 3],
  ] as const)("%s: every mail is there", async ([, args, mails, recipients]) => {
    await using smtp = await startSmtp();
    const addresses = ["-f", "ann@example.com", "-t", "bob@example.com"];
    await runTool("smtp-source", [...args, ...addresses, `${smtp.host}:${smtp.port}`]);
    const stored = await smtp.mailbox.list();
    expect(stored).toHaveLength(mails);
    expect(stored.every(({ envelope }) => envelope.rcptTo.length === recipients)).toBe(true);
    expect(stored.every(({ envelope }) => envelope.mailFrom === "ann@example.com")).toBe(true);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(mails);
    // Its mails are alike but for the Message-Id, which holds a counter: none is doubled, and none is damaged.
    const texts = stored.map(({ raw }) => Buffer.from(raw).toString("latin1"));
    expect(new Set(texts.map((text) => /^Message-Id: (.+)$/im.exec(text)?.[1])).size).toBe(mails);
    expect(new Set(texts.map((text) => text.replace(/^Message-Id: .+\r\n/im, ""))).size).toBe(1);
  });
});
