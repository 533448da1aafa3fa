import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startFtp } from "../../../servers/ftp/index.ts";
import { dialogue } from "../dialogue.ts";
import type { Dialogue } from "../dialogue.ts";

test("a download's connection is closed with the last byte, not when the client has ended too", async () => {
  await using ftp = await startFtp({ files: { file: "content" } });
  await using client = await (await dialogue(ftp)).login();
  const connection = await halfOpen(client, ftp.host);
  client.send("RETR file\r\n");
  expect((await readToEnd(connection)).toString()).toBe("content");
  expect([await client.reply(), await client.reply()]).toEqual([
    expect.stringMatching(/^150 /),
    expect.stringMatching(/^226 /),
  ]);
  // Nobody is there any more who could hear it.
  const failed = once(connection, "error");
  connection.write("thanks", () => connection.write("and goodbye"));
  expect(await failed).toEqual([expect.objectContaining({ syscall: "write" })]);
});

test("who speaks on a download's connection gets the whole file all the same, and no reset", async () => {
  const content = Buffer.alloc(16 * 1024 ** 2, "portside ");
  await using ftp = await startFtp({ files: { file: content } });
  await using client = await (await dialogue(ftp)).login();
  const connection = await halfOpen(client, ftp.host);
  connection.write("send me the file");
  expect(await client.say("RETR file")).toMatch(/^150 /);
  const bytes = await readToEnd(connection);
  expect(bytes.equals(content)).toBe(true);
  expect(await client.reply()).toMatch(/^226 /);
  connection.end("thanks");
  await once(connection, "close");
  expect(connection.errored).toBeNull();
});

/** Everything until the server ends; our side stays open. */
async function readToEnd(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  await once(socket, "end");
  return Buffer.concat(parts);
}

/** A passive connection whose client does not end it when the server does. */
async function halfOpen(client: Dialogue, host: string): Promise<Socket> {
  const port = Number(/\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
  const connection = connect({ host, port, allowHalfOpen: true });
  await once(connection, "connect");
  return connection;
}
