import { once } from "node:events";
import { access } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { makeCertificateAuthority } from "../../wire/certificate.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { dial } from "./dial.ts";
import { run, runServer } from "./spawned.ts";

const letter = { from: "ann@example.com", to: "bob@example.com", subject: "Hi", text: "Hello" };

/** Send with nodemailer, which knows nothing of us. */
async function send(url: string, options: object = {}): Promise<string> {
  const tls = { rejectUnauthorized: false };
  const { hostname, port, protocol } = new URL(url);
  const server = { host: hostname, port: Number(port), secure: protocol === "smtps:", tls };
  const { response } = await createTransport({ ...server, ...options }).sendMail(letter);
  return response;
}

interface Page {
  readonly total: number;
  readonly messages: readonly { readonly Subject: string }[];
}

async function inboxOf(url: string): Promise<Page> {
  const answer = await fetch(`${url}/api/v1/messages`);
  return (await answer.json()) as Page;
}

test("npm run start shows the files of the file server on the same dashboard", needs("curl"), async () => {
  await using server = await runServer("start");
  await runTool("curl", ["-sS", "-T", "-", `${server.ready.ftp}/a.txt`], { input: "hello" });
  const answer = await fetch(`${server.ready.inbox}/api/v1/files/content?path=/a.txt`);
  expect(await answer.text()).toBe("hello");
});

describe.each(["smtp", "start"])("npm run %s", (name) => {
  test("says its addresses as one JSON object, catches a mail and shows it over REST", async () => {
    await using server = await runServer(name);
    expect(Object.keys(server.ready).slice(0, 3)).toEqual(["smtp", "smtps", "inbox"]);
    expect(server.ready.smtp).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
    expect(server.ready.smtps).toMatch(/^smtps:\/\/127\.0\.0\.1:\d+$/);
    expect(server.ready.inbox).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await send(server.ready.smtp);
    await send(server.ready.smtps);
    expect(await inboxOf(server.ready.inbox)).toMatchObject({
      total: 2,
      messages: [{ Subject: "Hi" }, { Subject: "Hi" }],
    });
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stdout).toBe(`${JSON.stringify(server.ready)}\n`);
    expect(server.stderr).toBe("");
  });

  test("--help explains every flag and starts nothing", async () => {
    await using help = run(name, ["--help"]);
    expect(await help.ended).toBe(0);
    for (const flag of [
      "--smtp [ip]:port",
      "--listen [ip]:port",
      "--database FILE",
      "--max N",
      "--max-age AGE",
    ]) {
      expect(help.stdout).toContain(flag);
    }
    expect(help.stdout).toContain("MP_SMTP_BIND_ADDR");
  });
});

describe("the screen", () => {
  test("lines to try do what they say", needs("curl", "swaks", "bash"), async () => {
    await using server = run("smtp", ["--smtp", ":0", "--listen", ":0"]);
    const screen = await server.said("stdout", /[^]*Ctrl-C/);
    const inbox = /http:\/\/\S+/.exec(screen)?.[0] ?? "";
    expect(screen).toMatch(/in memory, gone when this ends/);
    const lines = screen.split("\n").filter((line) => /^ {4}(?:printf|swaks|node) /.test(line));
    expect(lines).toHaveLength(3);
    for (const line of lines) await runTool("bash", ["-c", line.replace(/^ *node /, `${process.execPath} `)]);
    expect((await inboxOf(inbox)).total).toBe(3);
  });

  test("says where the mails are kept", async () => {
    using folder = scratch();
    await using server = run("smtp", [
      "--smtp",
      ":0",
      "--listen",
      ":0",
      "--database",
      `${folder.path}/mails.db`,
    ]);
    expect(await server.said("stdout", /Mails .*/)).toContain(`${folder.path}/mails.db`);
  });
});

describe("what goes wrong is one sentence and exit code 1", () => {
  test.each([
    [["--smpt", ":0"], "portside smtp: --smpt is not a flag of this command; did you mean --smtp?\n"],
    [
      ["--smtp-tls-cert", "/nowhere.pem", "--smtp-tls-key", "/nowhere.pem"],
      'portside smtp: --smtp-tls-cert is "/nowhere.pem", but there is no such file; give the name of a file that can be read\n',
    ],
    [
      ["--smtp-tls-cert", "/nowhere.pem"],
      "portside smtp: --smtp-tls-cert and --smtp-tls-key belong together; give both, or none\n",
    ],
    [["--smtp-auth", "ann"], "portside smtp: --smtp-auth has no user or no colon; give user:password\n"],
  ])("%j", async (args, sentence) => {
    await using server = run("smtp", args);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toBe(sentence);
    expect(server.stdout).toBe("");
  });

  test("a file that is no certificate", async () => {
    using folder = scratch();
    const file = folder.file("cert.pem", "rubbish");
    await using server = run("smtp", ["--smtp-tls-cert", file, "--smtp-tls-key", file]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(/are no certificate and its key \(.*\); give both in PEM\n$/);
  });

  test.each(["--smtp", "--listen"])("a port of %s that is taken", async (flag) => {
    await using taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
    const other = flag === "--smtp" ? "--listen" : "--smtp";
    await using server = run("smtp", [flag, address, other, ":0", "--json"]);
    expect(await server.ended).toBe(1);
    expect(server.stdout).toBe("");
    expect(server.stderr).toBe(
      `portside smtp: ${address} is taken by another process; choose another, or port 0 for a free one\n`,
    );
  });

  test("a database in a folder that is not there", async () => {
    await using server = run("smtp", ["--smtp", ":0", "--listen", ":0", "--database", "/nowhere/mails.db"]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(/^portside smtp: .*\/nowhere\/mails\.db.*\n$/);
  });
});

describe("flags", () => {
  test("--smtp-auth takes no mail without one of its logins", async () => {
    await using server = await runServer("smtp", ["--smtp-auth", "ann:pa:ss"]);
    await expect(send(server.ready.smtp)).rejects.toThrow(/530/);
    await expect(send(server.ready.smtp, { auth: { user: "ann", pass: "no" } })).rejects.toThrow(/535/);
    expect(await send(server.ready.smtp, { auth: { user: "ann", pass: "pa:ss" } })).toMatch(/^250/);
  });

  test("MP_SMTP_AUTH is the same", async () => {
    await using server = await runServer("smtp", [], { MP_SMTP_AUTH: "ann:one bob:two" });
    await expect(send(server.ready.smtp)).rejects.toThrow(/530/);
    expect(await send(server.ready.smtp, { auth: { user: "bob", pass: "two" } })).toMatch(/^250/);
  });

  test("--smtp-require-tls takes no mail in clear", async () => {
    await using server = await runServer("smtp", ["--smtp-require-tls"]);
    await expect(send(server.ready.smtp, { ignoreTLS: true })).rejects.toThrow(/530/);
    expect(await send(server.ready.smtp)).toMatch(/^250/);
  });

  test("--smtp-tls-cert and --smtp-tls-key are what the client sees", async () => {
    using folder = scratch();
    const authority = makeCertificateAuthority();
    const { cert, key } = authority.issue({ names: ["127.0.0.1"] });
    await using server = await runServer("smtp", [
      "--smtp-tls-cert",
      folder.file("cert.pem", cert),
      "--smtp-tls-key",
      folder.file("key.pem", key),
    ]);
    expect(await send(server.ready.smtp, { tls: { ca: authority.certificate } })).toMatch(/^250/);
    expect(await send(server.ready.smtps, { tls: { ca: authority.certificate } })).toMatch(/^250/);
    const stranger = makeCertificateAuthority().certificate;
    await expect(send(server.ready.smtp, { tls: { ca: stranger } })).rejects.toThrow(/certificate/);
  });

  test("--database keeps the mails over a restart", async () => {
    using folder = scratch();
    const args = ["--database", `${folder.path}/mails.db`];
    {
      await using server = await runServer("smtp", args);
      await send(server.ready.smtp);
      server.signal("SIGTERM");
      expect(await server.ended).toBe(0);
    }
    await access(`${folder.path}/mails.db`);
    await using again = await runServer("smtp", args);
    expect((await inboxOf(again.ready.inbox)).total).toBe(1);
  });

  test("--max keeps the newest", async () => {
    await using server = await runServer("smtp", ["--max", "2"]);
    for (let count = 0; count < 3; count++) await send(server.ready.smtp);
    expect((await inboxOf(server.ready.inbox)).total).toBe(2);
  });

  test("--smtp-max-recipients refuses more", async () => {
    await using server = await runServer("smtp", ["--smtp-max-recipients", "1"]);
    const { hears, socket } = await dial(server.ready.smtp);
    socket.write("EHLO test\r\nMAIL FROM:<a@test>\r\nRCPT TO:<b@test>\r\nRCPT TO:<c@test>\r\nQUIT\r\n");
    expect(await hears(/^221 /m)).toMatch(/^250 2\.1\.5.*\r\n452 /m);
  });

  test("--listen twice gives two dashboards of the same mails, --webroot moves both", async () => {
    await using server = run("smtp", ["--smtp=:0", "--listen=:0", "--listen=:0", "--webroot", "/mail"]);
    const screen = await server.said("stdout", /[^]*Ctrl-C/);
    await send(/smtp:\/\/\S+/.exec(screen)?.[0] ?? "");
    const inboxes = screen.match(/http:\/\/\S+\/mail/g) ?? [];
    expect(new Set(inboxes).size).toBe(2);
    for (const inbox of inboxes) expect((await inboxOf(inbox)).total).toBe(1);
  });

  test("--ui-auth, --label, --host-name and --allow-origin reach the dashboard", async () => {
    await using server = await runServer("smtp", [
      "--ui-auth=ann:secret",
      "--label=staging",
      "--host-name=mail.dev.example",
      "--allow-origin=http://localhost:3000",
    ]);
    const ask = (headers: Record<string, string>) => fetch(`${server.ready.inbox}/api/v1/webui`, { headers });
    const Authorization = `Basic ${Buffer.from("ann:secret").toString("base64")}`;
    expect((await ask({})).status).toBe(401);
    const answer = await ask({ Authorization, Origin: "http://localhost:3000" });
    expect(await answer.json()).toMatchObject({ Label: "staging" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
    expect((await ask({ Authorization, Origin: "http://localhost:3001" })).status).toBe(403);
  });

  test("--verbose shows the conversation on stderr, coloured when asked to", async () => {
    await using server = await runServer("smtp", ["--verbose"], { FORCE_COLOR: "1" });
    await send(server.ready.smtp, { ignoreTLS: true });
    await server.said("stderr", /MAIL FROM:<ann@example\.com>/);
    expect(server.stderr).toContain("\u001B[36m");
    expect(server.stdout).toBe(`${JSON.stringify(server.ready)}\n`);
  });
});
