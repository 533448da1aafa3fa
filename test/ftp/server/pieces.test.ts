import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { startFtp } from "../../../servers/ftp/index.ts";
import { needs, python, runTool, scratch } from "../../peers/tools.ts";
import { type Dialogue, dialogue } from "../dialogue.ts";

const commands = [
  "USER änn",
  "PASS secret",
  "MKD grüße €",
  "CWD grüße €",
  "PWD",
  "XMKD 日本",
  "XRMD 日本",
  "NOOP",
];
const codes = ["331", "230", "257", "250", "257", "257", "250", "200"];

async function codesOf(client: Dialogue): Promise<string[]> {
  const heard: string[] = [];
  for (const _ of commands) heard.push((await client.reply()).slice(0, 3));
  return heard;
}

test.each([1, 2, 3, 7, 1_000])("commands in pieces of %i bytes give the same replies", async (size) => {
  await using ftp = await startFtp();
  await using client = await dialogue(ftp);
  client.socket.setNoDelay(true);
  const bytes = Buffer.from(commands.map((command) => `${command}\r\n`).join(""));
  const heard = codesOf(client);
  for (let at = 0; at < bytes.length; at += size) {
    client.send(bytes.subarray(at, at + size));
    // A packet of its own for each, as far as that can be asked for.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await heard).toEqual(codes);
  expect(await ftp.files.tree()).toEqual(["grüße €/"]);
});

test("ABOR with Telnet's interrupt and data mark in front of it is ABOR", async () => {
  await using ftp = await startFtp({ files: { file: Buffer.alloc(50_000_000) } });
  await using client = await (await dialogue(ftp)).login();
  const connection = await client.passive();
  expect(await client.say("RETR file")).toMatch(/^150 /);
  client.send(Buffer.concat([Buffer.from([0xff, 0xf4, 0xff, 0xf2]), Buffer.from("ABOR\r\n")]));
  expect(await client.reply()).toMatch(/^426 /);
  expect(await client.reply()).toMatch(/^226 /);
  connection.destroy();
  expect(await client.say("NOOP")).toMatch(/^200 /);
});

test(
  "ABOR out of band, as ftplib sends it, ends the download; the session goes on",
  needs(python),
  async () => {
    await using ftp = await startFtp({ files: { file: Buffer.alloc(50_000_000), small: "content" } });
    const program = `
import ftplib, sys
ftp = ftplib.FTP(timeout=20)
ftp.connect("127.0.0.1", int(sys.argv[1]))
ftp.login("ann", "secret")
data = ftp.transfercmd("RETR file")
data.recv(1000)
print(ftp.abort())
data.close()
try: print(ftp.voidresp())
except ftplib.Error as error: print(error)
ftp.retrlines("RETR small")
ftp.quit()
`;
    const { stdout } = await runTool(python, ["-c", program, String(ftp.port)]);
    expect(stdout).toMatch(/^426 .*\n226 .*\ncontent\n$/);
    expect(ftp.log().filter((event) => "state" in event && event.state === "aborted")).toHaveLength(1);
  },
);

test("REIN forgets the login; ALLO, AVBL, LANG say what is so", async () => {
  await using ftp = await startFtp({ quotaBytes: 1_000 });
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("AVBL")).toBe("213 1000");
  expect(await client.say("ALLO 1000")).toMatch(/^202 /);
  expect(await client.say("ALLO 1001 R 80")).toMatch(/^552 /);
  expect(await client.say("ALLO much")).toMatch(/^501 /);
  expect(await client.say("LANG en-GB")).toMatch(/^200 /);
  expect(await client.say("LANG de")).toMatch(/^504 /);
  expect(await client.say("REIN")).toMatch(/^220 /);
  expect(await client.say("PWD")).toMatch(/^530 /);
  await client.login("bob");
  expect(await client.say("PWD")).toMatch(/^257 /);
});

test("kill -9 of the server in mid-upload leaves no half file under its name when uploads are atomic", async () => {
  using folder = scratch();
  const index = new URL("../../../servers/ftp/index.ts", import.meta.url).href;
  const program = `
    const { startFtp } = await import(${JSON.stringify(index)});
    const ftp = await startFtp({ root: process.argv[1], atomicUploads: true });
    process.stdout.write(ftp.port + "\\n");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, folder.path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  try {
    const [told] = (await once(child.stdout, "data")) as [Buffer];
    await using client = await (await dialogue({ host: "127.0.0.1", port: Number(told) })).login();
    const connection = await client.passive();
    expect(await client.say("STOR report.csv")).toMatch(/^150 /);
    connection.write(Buffer.alloc(3_000_000, "x"));
    await expect.poll(async () => await client.say("STAT")).toMatch(/Transfer: 3000000 bytes/);
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
  expect(readdirSync(folder.path)).not.toContain("report.csv");
  await using ftp = await startFtp({ root: folder.path, atomicUploads: true });
  expect(await ftp.files.tree()).toEqual([]);
});
