import { describe, expect, test } from "vitest";
import { connectFtp } from "../../../clients/ftp/index.ts";
import { startFtp, type FtpOptions } from "../../../servers/ftp/index.ts";
import { needs, runTool, scratch } from "../../peers/tools.ts";
import { dialogue } from "../dialogue.ts";

const engine = "ftp-srv";

describe.each(["sockets", engine] as const)("engine %s", (name) => {
  const chosen: FtpOptions = name === engine ? { engine } : {};

  test("uploads, downloads, lists, renames and removes over the same file system", async () => {
    using folder = scratch();
    await using ftp = await startFtp({ ...chosen, users: [{ name: "ann", password: "a", home: "/home" }] });
    await ftp.files.makeDirectory("home");
    await using client = await connectFtp({ server: ftp.url.replace("//", "//ann:a@") });
    await client.upload([folder.file("orders.csv", "id;total\n")], "in");
    expect(await ftp.home("ann").text("in/orders.csv")).toBe("id;total\n");
    expect((await ftp.waitForUpload("home/in/*.csv")).content.toString()).toBe("id;total\n");
    expect((await client.list("in")).map(({ name, size }) => [name, size])).toEqual([["orders.csv", 9]]);
    await client.download(["in/orders.csv"], folder.path);
    expect(await ftp.waitForDownload("home/in/orders.csv")).toMatchObject({ bytes: 9, user: "ann" });
    await client.remove("in/orders.csv");
    await ftp.waitForDelete("home/in/*");
    expect(await ftp.files.tree()).toEqual(["home/in/"]);
  });

  test("curl uploads and fetches", needs("curl"), async () => {
    using folder = scratch();
    await using ftp = await startFtp({ ...chosen, files: { "a.txt": "content" } });
    expect((await runTool("curl", ["-sS", "-u", "a:b", `${ftp.url}/a.txt`])).stdout).toBe("content");
    await runTool("curl", ["-sS", "-u", "a:b", "-T", folder.file("b", "up"), `${ftp.url}/b`]);
    expect(await ftp.files.text("b")).toBe("up");
  });

  test("a wrong password is 530, and the process keeps its signal handlers", async () => {
    const before = process.listenerCount("SIGTERM");
    await using ftp = await startFtp({
      ...chosen,
      users: [{ name: "ann", password: "a" }],
      failedLoginDelayMs: 0,
    });
    await using client = await dialogue(ftp);
    await client.say("USER ann");
    expect(await client.say("PASS wrong")).toMatch(/^530/);
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});

describe("what the library cannot do is known", () => {
  test("it reads each packet as commands of its own, so a command cut in two is two", async () => {
    await using ftp = await startFtp({ engine });
    await using client = await dialogue(ftp);
    client.send("US");
    expect(await client.reply()).toMatch(/^5/);
  });

  test("it has no implicit TLS, one address, and no way to require TLS", async () => {
    for (const options of [{ ftpsPort: 0 }, { alsoListen: [{ host: "::1" }] }, { requireTls: true }]) {
      await expect(startFtp({ engine, ...options })).rejects.toThrow(TypeError);
    }
  });
});
