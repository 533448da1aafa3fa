import { describe, expect, test } from "vitest";
import { startFtp, type FtpEvent, type FtpServer } from "../../../servers/ftp/index.ts";
import { dialogue } from "../dialogue.ts";

/** Read events until one of this type has come. */
async function readUntil(events: AsyncIterator<FtpEvent>, type: FtpEvent["type"]): Promise<FtpEvent[]> {
  const read: FtpEvent[] = [];
  while (read.at(-1)?.type !== type) {
    const { value, done } = await events.next();
    if (done === true) throw new Error(`no ${type}; there was ${JSON.stringify(read)}`);
    read.push(value);
  }
  return read;
}

const users = [{ name: "ann", password: "secret", home: "/home/ann" }];
const start = (): Promise<FtpServer> =>
  startFtp({ users, files: { "home/ann/in.txt": "0123456789" }, failedLoginDelayMs: 0 });

describe("for await (const event of ftp.events())", () => {
  test("tells each kind of event, with who, what, how much and how long", async () => {
    await using ftp = await start();
    const events = ftp.events();
    await using client = await dialogue(ftp);
    await client.say("USER ann");
    await client.say("PASS wrong");
    await client.login();
    await client.store("STOR up.txt", "twelve bytes");
    await client.store("APPE up.txt", "more");
    const broken = await client.passive();
    await client.say("STOR broken.txt");
    broken.write("half", () => broken.resetAndDestroy());
    expect(await client.reply()).toMatch(/^426 /);
    await client.say("REST 4");
    await client.fetch("RETR in.txt");
    await client.fetch("LIST");
    await client.fetch("NLST");
    await client.fetch("MLSD");
    await client.say("MKD sub");
    await client.say("RNFR up.txt");
    await client.say("RNTO sub/renamed.txt");
    await client.say("MFMT 20260102030405 in.txt");
    await client.say("DELE sub/renamed.txt");
    await client.say("RMD sub");
    await client.say("QUIT");
    const read = await readUntil(events, "disconnect");

    const ann = { session: 1, user: "ann" };
    const up = { ...ann, type: "upload", path: "/home/ann/up.txt" };
    const down = { ...ann, type: "download", path: "/home/ann/in.txt", startAt: 4 };
    const brokenUp = { ...ann, type: "upload", path: "/home/ann/broken.txt", startAt: 0 };
    const list = { ...ann, type: "list", path: "/home/ann" };
    expect(read).toMatchObject([
      { type: "connect", session: 1, user: "", clientAddress: "127.0.0.1" },
      { type: "login", session: 1, user: "ann", isAccepted: false },
      { type: "login", session: 1, user: "ann", isAccepted: true },
      { ...up, state: "started", bytes: 0, startAt: 0, durationMs: 0 },
      { ...up, state: "finished", bytes: 12, startAt: 0 },
      { ...up, state: "started", bytes: 0, startAt: 12, durationMs: 0 },
      { ...up, state: "finished", bytes: 4, startAt: 12 },
      { ...brokenUp, state: "started" },
      { ...brokenUp, state: "aborted", reason: "Connection closed; transfer aborted." },
      { ...down, state: "started", bytes: 0, durationMs: 0 },
      { ...down, state: "finished", bytes: 6 },
      { ...list, entries: 3 },
      { ...list, entries: 3 },
      { ...list, entries: 3 },
      { ...ann, type: "make-directory", path: "/home/ann/sub" },
      { ...ann, type: "rename", from: "/home/ann/up.txt", path: "/home/ann/sub/renamed.txt" },
      { ...ann, type: "change", path: "/home/ann/in.txt" },
      { ...ann, type: "delete", path: "/home/ann/sub/renamed.txt" },
      { ...ann, type: "remove-directory", path: "/home/ann/sub" },
      { ...ann, type: "disconnect", how: "ended" },
    ]);
    expect(read.map(({ sequence }) => sequence)).toEqual(read.map((_, index) => index + 1));
    for (const event of read) {
      expect(Math.abs(event.atMs - Date.now())).toBeLessThan(60_000);
      if (event.type === "upload" || event.type === "download") {
        expect(event.durationMs >= 0 && event.durationMs < 60_000).toBe(true);
        if (event.state === "finished") expect(event.durationMs).toBeGreaterThan(0);
      }
    }
  });

  test("an aborted download and a lost connection are told too", async () => {
    const files = { "big.bin": new Uint8Array(64 * 1024 * 1024) };
    await using ftp = await startFtp({ files });
    const events = ftp.events();
    await using client = await dialogue(ftp);
    await client.login();
    const data = await client.passive();
    data.pause();
    await client.say("RETR big.bin");
    client.socket.resetAndDestroy();
    const read = await readUntil(events, "disconnect");
    data.destroy();
    expect(read.at(-1)).toMatchObject({ type: "disconnect", how: "lost", user: "ann" });
    const aborted = read.find((event) => event.type === "download" && event.state === "aborted");
    const { value: late } = aborted ? { value: aborted } : await events.next();
    expect(late).toMatchObject({ type: "download", state: "aborted", path: "/big.bin" });
    expect(late).toHaveProperty("reason", "the control connection is gone");
  });

  test("nothing is lost between the call and the first look", async () => {
    await using ftp = await start();
    const events = ftp.events();
    await using client = await dialogue(ftp);
    await client.login();
    expect((await readUntil(events, "login")).map(({ type }) => type)).toEqual(["connect", "login"]);
  });

  test("several readers each read everything; one that leaves hears no more, the others do", async () => {
    await using ftp = await start();
    const [one, other] = [ftp.events(), ftp.events()];
    await using client = await dialogue(ftp);
    for await (const event of one) {
      expect(event.type).toBe("connect");
      break;
    }
    await client.login();
    expect(await one.next()).toEqual({ done: true, value: undefined });
    expect((await readUntil(other, "login")).map(({ type }) => type)).toEqual(["connect", "login"]);
  });

  test("ends when the server closes, after what had happened", async () => {
    const ftp = await start();
    const events = ftp.events();
    const types: string[] = [];
    const reading = (async () => {
      for await (const event of events) types.push(event.type);
    })();
    await using client = await dialogue(ftp);
    await client.login();
    await ftp.close();
    await reading;
    expect(types).toEqual(["connect", "login", "disconnect"]);
  });
});
