import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { dial } from "./dial.ts";
import { runServer } from "./spawned.ts";

describe("Ctrl-C", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s says 421 to who is connected, and ends with 0",
    async (name) => {
      await using server = await runServer("smtp");
      const { hears, socket } = await dial(server.ready.smtp);
      const gone = once(socket, "close");
      server.signal(name);
      expect(await hears(/^421 .*\r\n/m)).toMatch(/^421 /m);
      await gone;
      expect(await server.ended).toBe(0);
    },
  );

  test("lets a message under way finish", async () => {
    await using server = await runServer("smtp", ["--verbose"]);
    const { hears, socket } = await dial(server.ready.smtp);
    socket.write("EHLO test\r\nMAIL FROM:<a@test>\r\nRCPT TO:<b@test>\r\nDATA\r\n");
    await hears(/^354 /m);
    server.signal("SIGINT");
    // The port is closed at once; whoever is in the middle of something may go on.
    const { hostname, port } = new URL(server.ready.smtp);
    await expect.poll(() => refuses(hostname, Number(port))).toBe(true);
    socket.write("Subject: late\r\n\r\nHello\r\n.\r\n");
    expect(await hears(/^421 /m)).toMatch(/^250 2\.0\.0 queued/m);
    expect(await server.ended).toBe(0);
  });

  test("twice ends at once, with the code of the signal", async () => {
    await using server = await runServer("smtp");
    const { hears, socket } = await dial(server.ready.smtp);
    socket.write("EHLO test\r\nMAIL FROM:<a@test>\r\nRCPT TO:<b@test>\r\nDATA\r\n");
    await hears(/^354 /m);
    server.signal("SIGINT");
    const { hostname, port } = new URL(server.ready.smtp);
    await expect.poll(() => refuses(hostname, Number(port))).toBe(true);
    server.signal("SIGINT");
    expect(await server.ended).toBe(130);
  });
});

async function refuses(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}
