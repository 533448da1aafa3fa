import { once } from "node:events";
import { connect } from "node:tls";
import { expect } from "vitest";
import type { Case } from "./case.ts";

/** What is said on the control connection. */
export const commandCases: Readonly<Record<string, Case>> = {
  "a login is 331 and 230": async ({ client }) => {
    expect(await client.say("USER ann")).toMatch(/^331 /);
    expect(await client.say("PASS secret")).toMatch(/^230 /);
  },

  "a wrong password is 530, and the next may be right": async ({ client }) => {
    await client.say("USER ann");
    expect(await client.say("PASS wrong")).toMatch(/^530 /);
    expect(await client.say("USER ann")).toMatch(/^331 /);
    expect(await client.say("PASS secret")).toMatch(/^230 /);
  },

  "PASS without USER is 503": async ({ client }) => {
    expect(await client.say("PASS secret")).toMatch(/^503 /);
  },

  "files are for those who are logged in: 530": async ({ client }) => {
    for (const command of ["PWD", "DELE a.txt", "RETR a.txt", "LIST", "PASV"])
      expect(await client.say(command)).toMatch(/^530 /);
  },

  "SYST, FEAT, HELP and NOOP are answered before the login": async ({ client }) => {
    expect(await client.say("SYST")).toMatch(/^215 UNIX/);
    expect(await client.say("FEAT")).toMatch(/^211-.*\n[^]*\n211 /);
    expect(await client.say("HELP")).toMatch(/^214/);
    expect(await client.say("NOOP")).toMatch(/^200 /);
  },

  "FEAT names UTF8, SIZE, MDTM and REST STREAM": async ({ login }) => {
    const client = await login();
    const features = (await client.say("FEAT")).split("\n").map((line) => line.trim());
    expect(features).toEqual(expect.arrayContaining(["UTF8", "SIZE", "MDTM", "REST STREAM"]));
  },

  "several commands in one packet are answered in order": async ({ login }) => {
    const client = await login();
    client.send("NOOP\r\nSYST\r\nPWD\r\n");
    expect(await client.reply()).toMatch(/^200 /);
    expect(await client.reply()).toMatch(/^215 /);
    expect(await client.reply()).toMatch(/^257 "\/"/);
  },

  "a command that comes in pieces is one": async ({ client }) => {
    client.socket.setNoDelay();
    for (const piece of ["S", "YS", "T\r", "\n"]) {
      client.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.reply()).toMatch(/^215 /);
  },

  "a command may end with a bare LF": async ({ client }) => {
    client.send("SYST\n");
    expect(await client.reply()).toMatch(/^215 /);
  },

  "a verb may be written in lower case": async ({ client }) => {
    expect(await client.say("syst")).toMatch(/^215 /);
  },

  "an unknown command is 500": async ({ login }) => {
    const client = await login();
    expect(await client.say("XYZZY")).toMatch(/^500 /);
    expect(await client.say("NOOP")).toMatch(/^200 /);
  },

  "a known command that is not built is 502": async ({ login }) => {
    const client = await login();
    expect(await client.say("SMNT /")).toMatch(/^502 /);
  },

  "a missing argument is 501": async ({ login }) => {
    const client = await login();
    for (const verb of ["RETR", "STOR", "DELE", "MKD", "RMD", "RNFR", "SIZE", "MDTM", "TYPE", "PORT"])
      expect(await client.say(verb), verb).toMatch(/^501 /);
  },

  "a control character in a name is 501": async ({ login }) => {
    const client = await login();
    expect(await client.say("MKD a\u0007b")).toMatch(/^501 /);
  },

  "RNTO without RNFR is 503": async ({ login }) => {
    const client = await login();
    expect(await client.say("RNTO x")).toMatch(/^503 /);
  },

  "CWD, CDUP and PWD know where they are, and the root is the end": async ({ login }) => {
    const client = await login();
    expect(await client.say("CWD dir")).toMatch(/^250 /);
    expect(await client.say("PWD")).toMatch(/^257 "\/dir"/);
    expect(await client.say("CDUP")).toMatch(/^2[05]0 /);
    expect(await client.say("CDUP")).toMatch(/^2[05]0 /);
    expect(await client.say("CWD ../../..")).toMatch(/^250 /);
    expect(await client.say("PWD")).toMatch(/^257 "\/"/);
    expect(await client.say("CWD a.txt")).toMatch(/^550 /);
    expect(await client.say("CWD missing")).toMatch(/^550 /);
  },

  "quotes are doubled in 257": async ({ login }) => {
    const client = await login();
    expect(await client.say('MKD say "hi"')).toMatch(/^257 "\/say ""hi"""/);
    expect(await client.say('CWD say "hi"')).toMatch(/^250 /);
    expect(await client.say("PWD")).toMatch(/^257 "\/say ""hi"""/);
  },

  "folders are made and removed": async ({ ftp, login }) => {
    const client = await login();
    expect(await client.say("MKD new")).toMatch(/^257 /);
    expect(await ftp.files.tree()).toContain("new/");
    expect(await client.say("RMD new")).toMatch(/^250 /);
    expect(await ftp.files.tree()).not.toContain("new/");
  },

  "what cannot be removed or made is 550, and stays as it was": async ({ ftp, login }) => {
    const client = await login();
    const before = await ftp.files.tree();
    for (const command of ["RMD dir", "RMD a.txt", "DELE dir", "DELE missing", "MKD dir", "MKD a/b/c"])
      expect(await client.say(command), command).toMatch(/^550 /);
    expect(await ftp.files.tree()).toEqual(before);
  },

  "a file is renamed across folders": async ({ ftp, login }) => {
    const client = await login();
    expect(await client.say("RNFR a.txt")).toMatch(/^350 /);
    expect(await client.say("RNTO dir/moved.txt")).toMatch(/^250 /);
    expect(await ftp.files.text("dir/moved.txt")).toBe("0123456789");
    expect(await client.say("RNFR a.txt")).toMatch(/^550 /);
  },

  "a folder does not go into itself: 553": async ({ login }) => {
    const client = await login();
    await client.say("RNFR dir");
    expect(await client.say("RNTO dir/dir")).toMatch(/^553 /);
  },

  "SIZE and MDTM tell of a file, and 550 of none": async ({ login }) => {
    const client = await login();
    await client.say("TYPE I");
    expect(await client.say("SIZE a.txt")).toBe("213 10");
    expect(await client.say("MDTM a.txt")).toMatch(/^213 \d{14}(?:\.\d+)?$/);
    for (const command of ["SIZE missing", "MDTM missing", "SIZE dir"])
      expect(await client.say(command), command).toMatch(/^550 /);
  },

  "MLST tells the facts of a file": async ({ login }) => {
    const client = await login();
    expect(await client.say("MLST a.txt")).toMatch(/^250-.*\n .*size=10;.* \/?a\.txt\n250 /i);
  },

  "MFMT sets the time that MDTM tells": async ({ login }) => {
    const client = await login();
    expect(await client.say("MFMT 20200102030405 a.txt")).toMatch(/^213 /);
    expect(await client.say("MDTM a.txt")).toMatch(/^213 20200102030405/);
  },

  "TYPE, STRU and MODE take what is in use, and 504 the rest": async ({ login }) => {
    const client = await login();
    for (const command of ["TYPE A", "TYPE I", "TYPE L 8", "STRU F", "MODE S"])
      expect(await client.say(command), command).toMatch(/^200 /);
    for (const command of ["TYPE E", "STRU R", "MODE B"])
      expect(await client.say(command), command).toMatch(/^504 /);
  },

  "OPTS UTF8 ON is 200": async ({ client }) => {
    expect(await client.say("OPTS UTF8 ON")).toMatch(/^200 /);
  },

  "ABOR with nothing to abort is 226": async ({ login }) => {
    const client = await login();
    expect(await client.say("ABOR")).toMatch(/^22[56] /);
    expect(await client.say("NOOP")).toMatch(/^200 /);
  },

  "QUIT is 221, and the connection ends": async ({ login }) => {
    const client = await login();
    expect(await client.say("QUIT")).toMatch(/^221 /);
    await client.ended;
  },

  "whoever speaks HTTP is sent away": async ({ client }) => {
    client.send("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\nAccept: c\r\n\r\n");
    expect(await client.reply()).toMatch(/^50[02] /);
    await client.ended;
  },

  "AUTH TLS secures the connection, and a login follows": async ({ client }) => {
    const socket = await client.secure();
    expect(socket.encrypted).toBe(true);
    expect(await client.say("USER ann")).toMatch(/^331 /);
    expect(await client.say("PASS secret")).toMatch(/^230 /);
  },

  "what comes in clear behind AUTH TLS is never run": async ({ ftp, client }) => {
    client.send("AUTH TLS\r\nUSER ann\r\nPASS secret\r\nDELE a.txt\r\n");
    expect(await client.reply()).toMatch(/^234 /);
    client.socket.removeAllListeners("data");
    const secure = connect({ socket: client.socket, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    secure.write("PWD\r\n");
    const [answer] = (await once(secure, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^530 /);
    expect(await ftp.files.exists("a.txt")).toBe(true);
  },
};
