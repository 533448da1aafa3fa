import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SmtpServer, startSmtp } from "../../servers/smtp/index.ts";
import { exchanges, serve } from "../vitest/index.ts";

let smtp: SmtpServer;
beforeAll(async () => {
  smtp = await startSmtp({ users: { alice: "wonderland" } });
});
afterAll(async () => {
  await smtp.close();
});

exchanges("test/exchanges/examples/1-*.exchange", { target: () => smtp.url });

test("exchanges() refuses a pattern that finds nothing, so that a wrong path is not a green test", () => {
  expect(() => exchanges("test/nowhere/*.exchange")).toThrow(/finds no file/);
});

test("serve() rejects `done` with a report whose stack points at the line of the script", async () => {
  await using fake = await serve("test/exchanges/examples/1-smtp-starttls-auth.exchange");
  const socket = connect(fake.port, "127.0.0.1");
  socket.end("EHLO wrong.test\r\n");
  socket.resume();
  const error = (await fake.done.catch((reason: unknown) => reason)) as Error;
  expect(error.message).toContain("differs at character 6");
  expect(error.stack).toMatch(/\n {4}at \/.*1-smtp-starttls-auth\.exchange:11:1$/);
});
