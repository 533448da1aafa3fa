import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startFtp } from "../../servers/ftp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { run } from "./spawned.ts";

async function ready(
  args: readonly string[],
): Promise<ReturnType<typeof run> & { addresses: Record<string, string> }> {
  const spawned = run("ftp", ["--listen", ":0", "--json", ...args]);
  const addresses = JSON.parse(await spawned.said("stdout", /^.*\n/)) as Record<string, string>;
  return Object.assign(Object.create(spawned) as ReturnType<typeof run>, { addresses });
}

describe("npm run ftp", () => {
  test(
    "says its addresses as one JSON object, serves a folder, and closes on SIGTERM",
    needs("curl"),
    async () => {
      using folder = scratch();
      folder.file("hello.txt", "hello");
      await using server = await ready(["--root", folder.path, "--user", "ann:secret", "--user", "bob:x:ro"]);
      const { ftp = "", ftps = "" } = server.addresses;
      expect(ftp).toMatch(/^ftp:\/\/127\.0\.0\.1:\d+$/);
      expect((await runTool("curl", ["-sS", "-u", "ann:secret", `${ftp}/hello.txt`])).stdout).toBe("hello");
      expect((await runTool("curl", ["-sSk", "-u", "bob:x", `${ftps}/hello.txt`])).stdout).toBe("hello");
      await runTool("curl", [
        "-sS",
        "-u",
        "ann:secret",
        "-T",
        folder.file("up", "new"),
        `${ftp}/sub/up`,
        "--ftp-create-dirs",
      ]);
      expect(readFileSync(join(folder.path, "sub", "up"), "utf8")).toBe("new");
      expect((await runTool("curl", ["-sS", "-u", "ann:wrong", `${ftp}/`], { codes: [67] })).code).toBe(67);
      server.signal("SIGTERM");
      expect(await server.ended).toBe(0);
      expect(server.stderr).toBe("");
    },
  );

  test(
    "the screen names addresses, files and lines to try; --verbose shows the conversation",
    needs("curl"),
    async () => {
      await using server = run("ftp", ["--listen", ":0", "--listen", "[::1]:0", "--verbose"]);
      const screen = await server.said("stdout", /Ctrl-C ends it/).then(() => server.stdout);
      expect(screen).toMatch(/File server {2}ftp:\/\/127\.0\.0\.1:\d+ {2}ftp:\/\/\[::1\]:\d+ {2}ftps:/);
      expect(screen).toContain("in memory");
      await runTool("curl", ["-sS", /ftp:\/\/127\S+/.exec(screen)?.[0] ?? ""]);
      await server.said("stderr", /C: USER anonymous/);
    },
  );

  test.each([
    [["--user", "ann"], /--user is "ann"; give name:password/],
    [["--passive-ports", "9-1"], /--passive-ports is "9-1"; give a first and a last port/],
    [["--root", "/does/not/exist"], /ENOENT no such file or folder: \/does\/not\/exist/],
    [["--tls-cert", "a.pem"], /--tls-cert and --tls-key belong together/],
    [["--rot", "x"], /did you mean --root/],
    [["file"], /"file" is not a flag/],
  ])("%j is one sentence and exit code 1", async (args, sentence) => {
    await using server = run("ftp", ["--listen", ":0", ...args]);
    expect(await server.ended).toBe(1);
    expect(server.stderr).toMatch(sentence);
    expect(server.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("npm run upload, download and list", () => {
  test("send folders and fetch them back, resume, and end with the outcome's exit code", async () => {
    await using ftp = await startFtp({ users: [{ name: "ann", password: "s p:x" }] });
    const server = ["--server", ftp.url.replace("//", `//ann:${encodeURIComponent("s p:x")}@`)];
    using folder = scratch();
    const source = join(folder.path, "source");
    mkdirSync(join(source, "deep", "empty"), { recursive: true });
    writeFileSync(join(source, "a b.txt"), "one");
    writeFileSync(join(source, "deep", "large"), Buffer.alloc(3_000_000, "x"));
    await using up = run("upload", [source, ...server, "--to", "in/box", "--resume"]);
    expect([await up.ended, up.stderr]).toEqual([0, ""]);
    expect(up.stdout).toMatch(/^2 files sent, 3\.0 MB in .*\n$/);
    expect(await ftp.files.tree()).toEqual([
      "in/box/source/a b.txt",
      "in/box/source/deep/empty/",
      "in/box/source/deep/large",
    ]);

    // The first half of a download that broke off.
    mkdirSync(join(folder.path, "back", "source", "deep"), { recursive: true });
    writeFileSync(join(folder.path, "back", "source", "deep", "large"), Buffer.alloc(1_000_000, "x"));
    await using down = run("download", [
      "in/box/source",
      ...server,
      "--to",
      join(folder.path, "back"),
      "--resume",
    ]);
    expect([await down.ended, down.stderr]).toEqual([0, ""]);
    expect(down.stdout).toMatch(/^2 files fetched, 2\.0 MB/);
    expect(readFileSync(join(folder.path, "back", "source", "a b.txt"), "utf8")).toBe("one");
    expect(readFileSync(join(folder.path, "back", "source", "deep", "large"))).toEqual(
      Buffer.alloc(3_000_000, "x"),
    );
    expect(ftp.log().findLast((event) => event.type === "download")).toMatchObject({ startAt: 1_000_000 });

    await using listed = run("list", ["in/box/source", ...server]);
    expect(await listed.ended).toBe(0);
    expect(listed.stdout).toMatch(/3 B {2}a b\.txt\n.* deep\/\n/);
  });

  test("what went wrong is one sentence and exit code 1", async () => {
    await using ftp = await startFtp({ users: [{ name: "ann", password: "x" }], failedLoginDelayMs: 0 });
    const login = ftp.url.replace("//", "//ann:x@");
    for (const [name, args, sentence] of [
      ["download", ["missing", "--server", login], /550/],
      ["upload", ["/does/not/exist", "--server", login], /ENOENT/],
      ["upload", ["--server", login], /nothing to send/],
      ["list", ["--server", ftp.url.replace("//", "//ann:wrong@")], /login: 530/],
      ["list", ["--server", "http://a"], /give ftp:\/\/host:port/],
      ["list", ["--server", "ftp://127.0.0.1:1"], /ECONNREFUSED/],
    ] as const) {
      await using spawned = run(name, args);
      expect(await spawned.ended, `${name} ${args.join(" ")}`).toBe(1);
      expect(spawned.stderr).toMatch(sentence);
      expect(spawned.stderr.trim().split("\n")).toHaveLength(1);
    }
  });
});
