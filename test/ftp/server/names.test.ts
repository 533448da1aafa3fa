import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startFtp } from "../../../servers/ftp/index.ts";
import { scratch } from "../../peers/tools.ts";
import { dialogue } from "../dialogue.ts";

const names = [
  " leading",
  "trailing ",
  "grüße €",
  "日本",
  '"quoted"',
  "-dash",
  "a*b?c[d]",
  "100%",
  "#1",
  "back\\slash",
  "~",
  "a;b=c",
];

test("names of any characters are stored, listed, read, renamed and removed as sent", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  for (const name of names) expect(await client.store(`STOR ./${name}`, name), name).toMatch(/^226 /);
  const listed = (await client.fetch("NLST")).bytes.toString().split("\r\n").slice(0, -1);
  expect(listed).toEqual(names.toSorted());
  const facts = (await client.fetch("MLSD")).bytes.toString().split("\r\n").slice(0, -1);
  expect(facts.map((line) => line.slice(line.indexOf("; ") + 2))).toEqual(names.toSorted());
  for (const name of names) {
    expect((await client.fetch(`RETR ./${name}`)).bytes.toString()).toBe(name);
    expect(await client.say(`RNFR ./${name}`)).toMatch(/^350 /);
    expect(await client.say(`RNTO ./${name} 2`)).toMatch(/^250 /);
    expect(await client.say(`DELE ./${name} 2`)).toMatch(/^250 /);
  }
  expect(await ftp.files.tree()).toEqual([]);
});

test("quotes are doubled in 257", async () => {
  await using ftp = await startFtp();
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say('MKD the "big" one')).toBe('257 "/the ""big"" one" created.');
  await client.say('CWD the "big" one');
  expect(await client.say("PWD")).toBe('257 "/the ""big"" one" is the current directory.');
});

test("a name with CR or LF that lies on the disk is shown with ?, one with NUL cannot be made", async () => {
  using folder = scratch();
  writeFileSync(join(folder.path, "a\r\nb"), "x");
  await using ftp = await startFtp({ root: folder.path });
  await using client = await (await dialogue(ftp)).login();
  expect((await client.fetch("NLST")).bytes.toString()).toBe("a??b\r\n");
  expect((await client.fetch("LIST")).bytes.toString()).toMatch(/ a\?\?b\r\n$/);
  expect(await client.say(`MKD ${"ü".repeat(128)}`)).toMatch(/^553 /);
});

test("paths are resolved inside the root", async () => {
  await using ftp = await startFtp({ files: { "a/b/file": "x" } });
  await using client = await (await dialogue(ftp)).login();
  for (const [command, expected] of [
    ["CWD a//b/", "/a/b"],
    ["CWD ..", "/a"],
    ["CWD ../../../..", "/"],
    ["CDUP", "/"],
    ["CWD /a/./b/../b", "/a/b"],
    ["CWD ~", "/"],
    ["XCWD ~/a", "/a"],
    ["XCUP", "/"],
  ] as const) {
    expect(await client.say(command), command).toMatch(/^250 /);
    expect(await client.say("PWD")).toBe(`257 "${expected}" is the current directory.`);
  }
  expect(await client.say("CWD a/b/file")).toMatch(/^550 /);
  expect(await client.say("CWD missing")).toMatch(/^550 /);
});

test("folders and files are not each other, and orders are kept", async () => {
  await using ftp = await startFtp({ files: { "folder/file": "x", other: "y" } });
  await using client = await (await dialogue(ftp)).login();
  for (const [command, code] of [
    ["RMD other", "550"],
    ["DELE folder", "550"],
    ["RMD folder", "550"],
    ["MKD folder", "550"],
    ["MKD missing/x", "550"],
    ["RNTO x", "503"],
    ["RNFR missing", "550"],
    ["RNTO x", "503"],
    ["RNFR other", "350"],
    ["RNTO folder", "550"],
    ["RNTO x", "503"],
    ["RNFR folder", "350"],
    ["RNTO folder/sub", "553"],
    ["RNFR folder/file", "350"],
    ["RNTO moved", "250"],
    ["RMD folder", "250"],
    ["SIZE folder", "550"],
    ["SIZE moved", "213"],
  ] as const) {
    expect((await client.say(command)).slice(0, 3), command).toBe(code);
  }
});

test("LIST, NLST and MLSD of a folder, a file, a pattern, flags, nothing", async () => {
  await using ftp = await startFtp({
    files: { "in/a.txt": "1", "in/b.txt": "22", "in/c.csv": "", "-d/x": "" },
  });
  await using client = await (await dialogue(ftp)).login();
  const names = async (command: string): Promise<string[]> =>
    (await client.fetch(command)).bytes.toString().split("\r\n").slice(0, -1);
  const last = (line: string): string => line.slice(line.lastIndexOf(" ") + 1);
  expect((await names("LIST")).map(last)).toEqual(["-d", "in"]);
  expect((await names("LIST -a -l in")).map(last)).toEqual(["a.txt", "b.txt", "c.csv"]);
  expect((await names("LIST -al")).map(last)).toEqual(["-d", "in"]);
  expect((await names("LIST -- -d")).map(last)).toEqual(["x"]);
  expect((await names("LIST ./-d")).map(last)).toEqual(["x"]);
  expect((await names("LIST in/*.txt")).map(last)).toEqual(["a.txt", "b.txt"]);
  expect((await names("LIST in/a.txt")).map(last)).toEqual(["a.txt"]);
  expect(await names("NLST in")).toEqual(["in/a.txt", "in/b.txt", "in/c.csv"]);
  expect(await names("NLST in/*.txt")).toEqual(["in/a.txt", "in/b.txt"]);
  expect(await names("NLST in/a.txt")).toEqual(["in/a.txt"]);
  await client.say("CWD in");
  expect(await names("NLST")).toEqual(["a.txt", "b.txt", "c.csv"]);
  expect(await names("NLST *.csv")).toEqual(["c.csv"]);
  expect((await client.fetch("LIST missing")).reply).toMatch(/^550 /);
  expect((await client.fetch("LIST *.zip")).reply).toMatch(/^550 /);
  expect((await client.fetch("NLST missing")).reply).toMatch(/^450 /);
  expect((await client.fetch("MLSD a.txt")).reply).toMatch(/^501 /);
  expect((await client.fetch("MLSD missing")).reply).toMatch(/^550 /);
  await client.say("MKD empty");
  expect(await client.fetch("LIST empty")).toMatchObject({
    bytes: Buffer.alloc(0),
    reply: "226 Directory send OK.",
  });
});

test("facts are told over the control connection, and can be set", async () => {
  await using ftp = await startFtp({ files: { file: "hello" } });
  await using client = await (await dialogue(ftp)).login();
  expect(await client.say("MFMT 20200102030405 file")).toBe("213 Modify=20200102030405; file");
  expect(await client.say("MDTM file")).toBe("213 20200102030405");
  expect(await client.say("MLST file")).toBe(
    "250-Listing /file\n type=file;size=5;modify=20200102030405;perm=adfrw;unix.mode=0644; /file\n250 End",
  );
  await client.say("OPTS MLST size;");
  expect(await client.say("MLST file")).toBe("250-Listing /file\n size=5; /file\n250 End");
  expect(await client.say("MFF modify=20210102030405;unix.mode=0600; file")).toMatch(/^213 /);
  expect(await client.say("SITE CHMOD 640 file")).toMatch(/^200 /);
  expect(await ftp.files.stat("file")).toMatchObject({
    mode: 0o640,
    modifiedMs: Date.UTC(2021, 0, 2, 3, 4, 5),
  });
  expect(await client.say("SITE UTIME 20220102030405 file")).toMatch(/^200 /);
  expect(await client.say("MDTM file")).toBe("213 20220102030405");
  expect(await client.say("MFMT yesterday file")).toMatch(/^501 /);
  await client.say("TYPE A");
  expect(await client.say("SIZE file")).toMatch(/^550 /);
  await client.say("TYPE I");
  expect(await client.say("SIZE file")).toBe("213 5");
  expect(await client.say("STAT file")).toMatch(/^213-Status follows:\n -rw-r----- .* file\n213 End/);
});

test("digests: HASH, of a range too, XMD5 and XSHA256", async () => {
  await using ftp = await startFtp({ files: { file: "hello" } });
  await using client = await (await dialogue(ftp)).login();
  const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  expect(await client.say("HASH file")).toBe(`213 SHA-256 0-5 ${sha256} file`);
  expect(await client.say("XSHA256 file")).toBe(`250 ${sha256.toUpperCase()}`);
  expect(await client.say("XMD5 file")).toBe("250 5D41402ABC4B2A76B9719D911017C592");
  expect(await client.say("OPTS HASH MD5")).toBe("200 MD5");
  await client.say("RANG 1 3");
  expect(await client.say("HASH file")).toBe("213 MD5 1-4 3123059c1c816471780539f6b6b738dc file");
  expect(await client.say("OPTS HASH CRC9")).toMatch(/^501 /);
});

test("replies never carry a path of the host's disk", async () => {
  using folder = scratch();
  mkdirSync(join(folder.path, "locked"), { mode: 0o000 });
  await using ftp = await startFtp({ root: folder.path });
  await using client = await (await dialogue(ftp)).login();
  for (const command of [
    "CWD missing",
    "DELE missing",
    "RMD locked/x",
    "MKD missing/x",
    "SIZE locked",
    "STAT",
    "STAT /x",
    "HELP",
  ]) {
    expect(await client.say(command), command).not.toContain(folder.path);
  }
  await client.fetch("RETR missing");
  await client.fetch("LIST");
  expect(ftp.transcript.text()).not.toContain(folder.path);
});
