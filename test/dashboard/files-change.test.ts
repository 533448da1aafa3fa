import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { needs, runTool } from "../peers/tools.ts";
import { someFiles, startFilesFixture, type FilesFixture } from "./files-fixture.ts";

interface Change {
  readonly Via: string;
  readonly User: string;
  readonly Type: string;
  readonly Path: string;
  readonly From: string;
  readonly Outcome: string;
  readonly Bytes: number;
  readonly DurationMs: number;
  readonly Reason: string;
}

async function logOf(kit: FilesFixture, query = ""): Promise<Change[]> {
  const answer = await kit.call(`/files/log${query}`);
  return ((await answer.json()) as { Changes: Change[] }).Changes;
}

describe("PUT /api/v1/files/content", () => {
  test("writes a file and the folders on its way, and replaces it", async () => {
    await using kit = await startFilesFixture();
    const put = async (body: string, query = "") => {
      const answer = await kit.about(`/content${query}`, "/new/deep/ä.txt", { method: "PUT", body });
      return [answer.status, await answer.text()] as const;
    };
    const [status, said] = await put("one");
    expect([status, JSON.parse(said)]).toEqual([
      201,
      expect.objectContaining({ Name: "ä.txt", Path: "/new/deep/ä.txt", Size: 3, Type: "file" }),
    ]);
    expect((await put("second"))[0]).toBe(200);
    expect(await put("third", "?new=1")).toEqual([409, "EEXIST the name is taken: /new/deep/ä.txt"]);
    expect(await kit.ftp.files.text("/new/deep/ä.txt")).toBe("second");
  });

  test("refuses a name that fits on no line, the root, a folder and a file on the way", async () => {
    await using kit = await startFilesFixture({ files: someFiles });
    const status = async (path: string) =>
      (await kit.about("/content", path, { method: "PUT", body: "x" })).status;
    expect(await status("/a\nb")).toBe(400);
    expect(await status("/")).toBe(400);
    expect(await status(`/${"n".repeat(256)}`)).toBe(400);
    expect(await status("/in")).toBe(409);
    expect(await status("/in/orders.csv/below")).toBe(409);
  });

  test("takes no more than maxUploadBytes, declared or not, and leaves nothing of it", async () => {
    await using kit = await startFilesFixture({}, { maxUploadBytes: 1000 });
    const declared = await kit.about("/content", "/a", { method: "PUT", body: "x".repeat(1001) });
    expect([declared.status, await declared.text()]).toEqual([413, expect.stringContaining("1000 bytes")]);
    const body = new ReadableStream({
      start(controller) {
        for (let index = 0; index < 11; index += 1) controller.enqueue(new Uint8Array(100));
        controller.close();
      },
    });
    const streamed = await kit.about("/content", "/b", { method: "PUT", body, duplex: "half" });
    expect(streamed.status).toBe(413);
    const fits = await kit.about("/content", "/c", { method: "PUT", body: "x".repeat(1000) });
    expect([fits.status, await kit.ftp.files.tree()]).toEqual([201, ["c"]]);
  });

  test("answers 507 over the quota, and keeps the file that was there", async () => {
    await using kit = await startFilesFixture({ quotaBytes: 10, files: { a: "old" } });
    const answer = await kit.about("/content", "/a", { method: "PUT", body: "more than ten" });
    expect([answer.status, await kit.ftp.files.text("a")]).toEqual([507, "old"]);
    expect((await logOf(kit)).at(-1)).toMatchObject({
      Outcome: "aborted",
      Reason: "EDQUOT over the quota: /a",
    });
  });

  test("leaves nothing of an upload that breaks off, and says so in the log", async () => {
    await using kit = await startFilesFixture();
    const socket = connect(kit.dashboard.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      "PUT /api/v1/files/content?path=/half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly this",
    );
    const told = async (outcome: string) => {
      for (;;) {
        const changes = await logOf(kit, "?path=/half");
        const found = changes.find(({ Outcome }) => Outcome === outcome);
        if (found) return found;
      }
    };
    await told("started");
    socket.destroy();
    expect(await told("aborted")).toMatchObject({
      Via: "rest",
      Bytes: 9,
      Reason: "the connection broke off",
    });
    expect(await kit.ftp.files.exists("/half")).toBe(false);
  });

  test("takes what curl -T sends", needs("curl"), async () => {
    await using kit = await startFilesFixture();
    const url = `${kit.dashboard.url}/api/v1/files/content?path=/from-curl`;
    await runTool("curl", ["-sSf", "-T", "-", url], { input: "hello" });
    expect(await kit.ftp.files.text("/from-curl")).toBe("hello");
    const { stdout } = await runTool("curl", ["-sSf", url]);
    expect(stdout).toBe("hello");
  });
});

describe("changes of files over REST", () => {
  const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

  test("POST /files/folder makes a folder once", async () => {
    await using kit = await startFilesFixture();
    const made = await kit.call("/files/folder", post({ Path: "/a/b" }));
    expect([made.status, await made.json()]).toEqual([
      201,
      expect.objectContaining({ Path: "/a/b", Type: "folder" }),
    ]);
    expect((await kit.call("/files/folder", post({ Path: "/a/b" }))).status).toBe(409);
    expect((await kit.call("/files/folder", post({}))).status).toBe(400);
  });

  test("POST /files/rename moves, and replaces only when it is told to", async () => {
    await using kit = await startFilesFixture({ files: { a: "a", b: "b", "in/c": "c" } });
    const rename = async (From: string, To: string, Replace = false) =>
      (await kit.call("/files/rename", post({ From, To, Replace }))).status;
    expect(await rename("/a", "/b")).toBe(409);
    expect(await rename("/a", "/b", true)).toBe(200);
    expect(await rename("/in", "/in/deeper")).toBe(400);
    expect(await rename("/in", "/../out")).toBe(200);
    expect(await rename("/none", "/x")).toBe(404);
    expect(await rename("/", "/x")).toBe(400);
    expect(await kit.ftp.files.tree()).toEqual(["b", "out/c"]);
    expect(await kit.ftp.files.text("b")).toBe("a");
  });

  test("DELETE /files removes a file, an empty folder, and a full one only when it is told to", async () => {
    await using kit = await startFilesFixture({ files: { a: "a", "in/c": "c" } });
    const remove = async (path: string, query = "") =>
      (await kit.about(query, path, { method: "DELETE" })).status;
    expect(await remove("/in")).toBe(409);
    expect(await remove("/none")).toBe(404);
    expect((await kit.call("/files", { method: "DELETE" })).status).toBe(400);
    expect(await remove("/in", "?recursive=1")).toBe(200);
    expect(await remove("/a")).toBe(200);
    expect(await kit.ftp.files.tree()).toEqual([]);
  });

  test("pages of others and foreign hosts may not touch a file", async () => {
    await using kit = await startFilesFixture({ files: { a: "a" } });
    const foreign = { headers: { Origin: "http://evil.example" } };
    expect((await kit.about("/content", "/b", { ...foreign, method: "PUT", body: "x" })).status).toBe(403);
    expect((await kit.about("", "/a", { ...foreign, method: "DELETE" })).status).toBe(403);
    expect((await kit.about("/content", "/a", foreign)).status).toBe(403);
    const socket = connect(kit.dashboard.port, "127.0.0.1");
    socket.end("DELETE /api/v1/files?path=/a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    const [head] = (await once(socket, "data")) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 403 /);
    expect(await kit.ftp.files.tree()).toEqual(["a"]);
  });
});

describe("GET /api/v1/files/log", () => {
  test("tells who did what over FTP and over REST", needs("curl"), async () => {
    await using kit = await startFilesFixture(
      { users: [{ name: "ann", password: "secret" }] },
      {
        credentials: { bob: "hidden" },
      },
    );
    const headers = { Authorization: `Basic ${btoa("bob:hidden")}` };
    await runTool("curl", ["-sS", "-u", "ann:secret", "-T", "-", `${kit.ftp.url}/a.txt`], { input: "12345" });
    await runTool("curl", ["-sS", "-u", "ann:wrong", `${kit.ftp.url}/`], { codes: "any" });
    await kit.about("/content", "/b.txt", { method: "PUT", body: "123", headers });
    await kit.call("/files/rename", { method: "POST", headers, body: '{"From":"/b.txt","To":"/c.txt"}' });
    await kit.about("", "/c.txt", { method: "DELETE", headers });
    const answer = await kit.call("/files/log", { headers });
    const { Changes } = (await answer.json()) as { Changes: Change[] };
    const said = Changes.map(({ Via, User, Type, Path, Outcome, Bytes }) =>
      [Via, User, Type, Path, Outcome, Bytes].join(" "),
    );
    expect(said).toEqual([
      "ftp ann login  accepted 0",
      "ftp ann upload /a.txt started 0",
      "ftp ann upload /a.txt finished 5",
      "ftp ann login  refused 0",
      "rest bob upload /b.txt started 0",
      "rest bob upload /b.txt finished 3",
      "rest bob rename /c.txt finished 0",
      "rest bob delete /c.txt finished 0",
    ]);
    expect(Changes[2]?.DurationMs).toBeGreaterThan(0);
    expect(Changes[6]?.From).toBe("/b.txt");
    const uploads = await kit.call("/files/log?type=upload&user=bob&limit=1", { headers });
    expect(await uploads.json()).toMatchObject({ Changes: [{ Path: "/b.txt", Outcome: "finished" }] });
  });
});

describe("GET /api/v1/files/stream", () => {
  /** Reads on until the text is there, and gives everything since the last call. */
  const reader = (answer: Response) => {
    const chunks = answer.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    return async (part: string): Promise<string> => {
      let text = "";
      while (!text.includes(part)) {
        const { value, done } = await chunks.next();
        if (done) throw new Error(`the stream ended before ${part}: ${text}`);
        text += value;
      }
      return text;
    };
  };

  test("tells what happens, and loses nothing over a reconnect", needs("curl"), async () => {
    await using kit = await startFilesFixture();
    const gone = new AbortController();
    const answer = await kit.call("/files/stream", { signal: gone.signal });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const until = reader(answer);
    await until('"start"');
    await runTool("curl", ["-sS", "-T", "-", `${kit.ftp.url}/a.txt`], { input: "12345" });
    const told = await until('"finished"');
    expect(told).toMatch(/"Type":"upload","Path":"\/a.txt"/);
    const id =
      told
        .match(/^id: (.*)$/gm)
        ?.at(-1)
        ?.slice(4) ?? "";
    gone.abort();
    await kit.about("", "/a.txt", { method: "DELETE" });
    const again = reader(await kit.call("/files/stream", { headers: { "Last-Event-ID": id } }));
    const missed = await again('"delete"');
    expect(missed).not.toMatch(/"upload"|prune/);
    // Of another run nothing is known: everything that is kept, and a word that the list must be read anew.
    const other = reader(await kit.call("/files/stream?after=abcdef01-7"));
    expect(await other('"delete"')).toMatch(/prune.*"upload"/s);
  });
});
