import { readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { Client } from "basic-ftp";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ServedExchange } from "../../../servers/exchange/index.ts";
import { serve } from "../../vitest/exchanges.ts";
import { needs, runTool, scratch } from "../../peers/tools.ts";

const content = "first line\nsecond line\n";

/** Serves a script to a client of somebody else, which must do what the script says. */
async function serving(name: string, client: (served: ServedExchange) => Promise<void>): Promise<void> {
  await using served = await serve(`test/exchanges/clients/${name}.exchange`, { timeoutMs: 3000 });
  await client(served);
  expect((await served.done).failure).toBeUndefined();
}

describe("a script is served to", () => {
  test("nodemailer", () =>
    serving("nodemailer", async ({ port }) => {
      const transport = createTransport({
        host: "127.0.0.1",
        port,
        pool: true,
        maxConnections: 1,
        auth: { user: "alice", pass: "wonderland" },
        tls: { rejectUnauthorized: false },
      });
      for (const to of ["bob@example.com", "carol@example.com"]) {
        const sent = await transport.sendMail({
          from: "alice@client.test",
          to,
          subject: "hi",
          text: "hello",
        });
        expect(sent.response).toBe("250 queued");
      }
      transport.close();
    }));

  test("basic-ftp", () =>
    serving("basic-ftp", async ({ port }) => {
      const client = new Client(3000);
      await client.access({ host: "127.0.0.1", port, user: "tester", password: "secret" });
      const chunks: Buffer[] = [];
      const sink = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(chunk), done()) });
      await client.downloadTo(sink, "file.txt");
      client.close();
      expect(Buffer.concat(chunks).toString()).toBe(content);
    }));

  test("lftp", needs("lftp"), () =>
    serving("lftp", async ({ port }) => {
      using folder = scratch();
      const commands = [
        "set ftp:ssl-allow no; set net:max-retries 1; set net:timeout 3",
        `open -u tester,secret ftp://127.0.0.1:${port}`,
        `get file.txt -o ${folder.path}/got; bye`,
      ];
      await runTool("lftp", ["-c", commands.join("; ")]);
      expect(readFileSync(`${folder.path}/got`, "utf8")).toBe(content);
    }),
  );

  test("redis-cli", needs("redis-cli"), () =>
    serving("redis-cli", async ({ port }) => {
      const input = 'MSET greeting "hello world" n 1\nMGET greeting nothing n\n';
      const { stdout } = await runTool("redis-cli", ["-p", String(port)], { input });
      expect(stdout.trim().split("\n")).toEqual(["OK", "hello world", "", "1"]);
    }),
  );

  test("dig", needs("dig"), () =>
    serving("dig", async ({ port }) => {
      const { stdout } = await runTool("dig", [
        "@127.0.0.1",
        "-p",
        String(port),
        "www.example.test",
        "MX",
        "+short",
        "+tries=1",
      ]);
      expect(stdout.trim().split("\n")).toEqual(["10 mail.example.test.", "20 backup.example.test."]);
    }),
  );

  test("ws", () =>
    serving("ws", async ({ url }) => {
      const socket = new WebSocket(url);
      const heard: string[] = [];
      const closed = new Promise<void>((resolve) => {
        socket.on("open", () => socket.send('{"name":"alice","type":"join","age":7}'));
        socket.on("message", (bytes: Buffer, isBinary) => {
          heard.push(isBinary ? bytes.toString("hex") : bytes.toString());
          if (isBinary) socket.close(1000, "bye");
          else socket.ping("are you there");
        });
        socket.on("pong", (bytes) => {
          heard.push(bytes.toString());
          socket.send(Buffer.of(0, 255));
        });
        socket.on("close", (code, reason) => {
          heard.push(`${code} ${reason.toString()}`);
          resolve();
        });
      });
      await closed;
      expect(heard).toEqual(['{"type":"welcome","name":"alice"}', "are you there", "ff00", "1000 bye"]);
    }));
});
