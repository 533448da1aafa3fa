import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { SMTPServer } from "smtp-server";
import { describe, expect, test } from "vitest";
import { progressBar, progressLine } from "../../scripts/send-mail/progress.ts";
import { tallied } from "../../scripts/send-mail/told.ts";
import { scratch } from "../peers/tools.ts";
import { run, runServer, type Spawned } from "./spawned.ts";

async function ended(
  command: Spawned,
): Promise<Pick<Spawned, "stdout" | "stderr"> & { code: number | null }> {
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

describe("npm run send-mail", () => {
  test("says the id, the reply and a link to the mail in the dashboard", async () => {
    using folder = scratch();
    await using server = await runServer("smtp");
    const { smtp, inbox } = server.ready;
    const flags = {
      "--server": smtp,
      "--dashboard": inbox,
      "--from": "Ann <ann@example.com>",
      "--to": "bob@example.com,cy@example.com",
      "--cc": "dee@example.com",
      "--bcc": "eve@example.com",
      "--reply-to": "reply@example.com",
      "--subject": "Grüße",
      "--text": "plain",
      "--header": "X-Test: yes",
      "--html": folder.file("mail.html", "<b>rich</b>"),
      "--attach": folder.file("a.bin", "\u0000bytes"),
    };
    const sent = await ended(run("send-mail", Object.entries(flags).flat()));
    expect(sent).toMatchObject({ code: 0, stderr: "" });
    const link = /See it +(http:\S+)\/view\/(\w+)\n/.exec(sent.stdout);
    expect(link?.[1]).toBe(inbox);
    const mail = (await (await fetch(`${inbox}/api/v1/message/${link?.[2]}`)).json()) as object;
    expect(mail).toMatchObject({
      From: { Name: "Ann", Address: "ann@example.com" },
      To: [{ Address: "bob@example.com" }, { Address: "cy@example.com" }],
      Cc: [{ Address: "dee@example.com" }],
      Bcc: [{ Address: "eve@example.com" }],
      ReplyTo: [{ Address: "reply@example.com" }],
      Subject: "Grüße",
      Text: expect.stringMatching(/^plain/) as string,
      HTML: expect.stringContaining("<b>rich</b>") as string,
      Attachments: [{ FileName: "a.bin", Size: 6 }],
    });
    expect(sent.stdout).toMatch(/Message-ID +<.+@.+>\nReply +250 2\.0\.0 queued as \w+\n/);
  });

  test("sends many over a few connections, and says how fast", async () => {
    await using server = await runServer("smtp");
    const { smtp, inbox } = server.ready;
    const args = ["--server", smtp, "--to", "bob@example.com", "--count", "200", "--concurrency", "4"];
    const sent = await ended(run("send-mail", args));
    expect(sent).toMatchObject({ code: 0, stderr: "" });
    expect(sent.stdout).toMatch(/^200 of 200 sent in \d+\.\d\d s, \d+\/s\n$/);
    const page = (await (await fetch(`${inbox}/api/v1/messages`)).json()) as { total: number };
    expect(page.total).toBe(200);
  });

  test("names who was refused, and ends with 1", async () => {
    const peer = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onRcptTo: ({ address }, _session, callback) =>
        callback(
          address.startsWith("no") ? Object.assign(new Error("unknown"), { responseCode: 550 }) : null,
        ),
      onData: (stream, _session, callback) => stream.resume().on("end", () => callback(null)),
    });
    peer.listen(0, "127.0.0.1");
    await once(peer.server, "listening");
    const server = `smtp://127.0.0.1:${(peer.server.address() as AddressInfo).port}`;
    const some = await ended(
      run("send-mail", ["--server", server, "--to", "bob@example.com", "--to", "no@example.com"]),
    );
    expect(some.code).toBe(1);
    expect(some.stderr).toMatch(/^portside send-mail: no@example\.com was refused: 550 .*unknown\n$/);
    expect(some.stdout).toMatch(/^Message-ID/);
    const none = await ended(
      run("send-mail", ["--server", server, "--to", "no@example.com", "--count", "3"]),
    );
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/refused every recipient: no@example\.com \(550 .*\) \(3 times\)\n$/);
    expect(none.stdout).toMatch(/^0 of 3 sent/);
    await new Promise<void>((resolve) => peer.close(resolve));
  });

  test("says that nobody listens", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const sent = await ended(
      run("send-mail", ["--server", `smtp://127.0.0.1:${port}`, "--to", "a@example.com"]),
    );
    expect(sent).toMatchObject({ code: 1, stdout: "" });
    expect(sent.stderr).toMatch(
      new RegExp(`^portside send-mail: smtp://127.0.0.1:${port}: .*ECONNREFUSED.*\\n$`),
    );
  });

  test.each([
    [[], "nobody to send to; give --to ann@example.com"],
    [["--to", "a@test", "--attach", "/nowhere"], '--attach is "/nowhere", but there is no such file'],
    [["--to", "a@test", "--header", "X"], '--header is "X"; give a name, a colon and a value'],
    [["--to", "a@test", "--server", "http://a"], 'server is "http://a"; give smtp://host:port'],
    [
      ["--to", "a@test", "--sujbect", "Hi"],
      "--sujbect is not a flag of this command; did you mean --subject?",
    ],
  ])("%j is one sentence and exit code 1", async (args, sentence) => {
    const sent = await ended(run("send-mail", args));
    expect(sent).toMatchObject({ code: 1, stdout: "" });
    expect(sent.stderr).toContain(sentence);
    expect(sent.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("the progress bar", () => {
  test("shows how far it is, how fast, and what failed", () => {
    expect(progressLine({ done: 512, total: 1_000, failed: 0, elapsedMs: 256 })).toBe(
      "[############------------]  512/1000  2000/s",
    );
    expect(progressLine({ done: 1_000, total: 1_000, failed: 3, elapsedMs: 500 })).toBe(
      "[########################] 1000/1000  2000/s, 3 failed",
    );
    expect(progressLine({ done: 0, total: 9, failed: 0, elapsedMs: 0 })).toContain("0/9  0/s");
  });

  test("is drawn seldom, but at the end always", () => {
    let drawn = "";
    const terminal = { write: (text: string) => (drawn += text) } as unknown as NodeJS.WritableStream;
    const draw = progressBar(terminal, 1_000);
    for (let sent = 1; sent <= 1_000; sent++) draw({ sent, failed: 0 });
    expect(drawn.split("\r").length).toBeLessThan(20);
    expect(drawn).toMatch(/1000\/1000 {2}\d+\/s\n$/);
  });
});

test("the same complaint is said once, with its number", () => {
  expect(tallied(["a", "b", "a"])).toEqual(["a (2 times)", "b"]);
});
