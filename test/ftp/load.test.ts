import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { startFtp, type FtpOptions } from "../../servers/ftp/index.ts";
import { scratch } from "../peers/tools.ts";
import { type Dialogue, dialogue } from "./dialogue.ts";

const clients = 200;
const filesEach = 100;

/** A content that no other file has, of a size that no other file of its client has. */
function contentOf(client: number, file: number): Buffer {
  const seed = createHash("sha256").update(`${client} ${file}`).digest();
  return Buffer.alloc(file === 0 ? 300_000 : 32 + file * 37, seed);
}

test.each(["memory", "disk"])(
  "200 clients at once upload and download 20,000 files: none lost, none mixed (%s)",
  { timeout: 120_000 },
  async (kind) => {
    using folder = scratch();
    const options: FtpOptions = kind === "disk" ? { root: folder.path, atomicUploads: true } : {};
    await using ftp = await startFtp({ ...options, maxTranscriptEntries: 100 });
    const each = kind === "disk" ? filesEach / 10 : filesEach;
    const sessions = await Promise.all(
      Array.from({ length: clients }, async () => await (await dialogue(ftp)).login()),
    );
    const replies = new Set<string>();
    const work = async (session: Dialogue, client: number): Promise<void> => {
      await session.say(`MKD ${client}`);
      for (let file = 0; file < each; file += 1) {
        replies.add(await session.store(`STOR ${client}/${file}`, contentOf(client, file)));
        // What the neighbour wrote must not be here.
        const { bytes, reply } = await session.fetch(`RETR ${client}/${file}`);
        replies.add(reply);
        if (!bytes.equals(contentOf(client, file))) throw new Error(`${client}/${file} came back as another`);
      }
    };
    await Promise.all(sessions.map(work));
    expect([...replies]).toEqual(["226 Transfer complete."]);
    const tree = await ftp.files.tree();
    expect(tree).toHaveLength(clients * each);
    for (const path of tree) {
      const [client, file] = path.split("/").map(Number);
      if (!(await ftp.files.read(path)).equals(contentOf(client ?? -1, file ?? -1)))
        throw new Error(`${path} is another`);
    }
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  },
);
