import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startGame } from "portside/servers/websocket";
import { replay } from "../../../wire/pong/log.ts";
import { stateHash } from "../../../wire/pong/state.ts";
import { needs, python, runTool } from "../../peers/tools.ts";
import { Bot } from "./bot.ts";

const pythonBot = fileURLToPath(new URL("./pong_bot.py", import.meta.url));

/** A bot of npm ws that plays until the game is over. */
async function followBall(bot: Bot, isClumsy: boolean): Promise<number> {
  const { side } = await bot.hear("welcome");
  let seq = 0;
  let direction = 0;
  for (;;) {
    await bot.next();
    const { snapshot } = bot;
    if (!snapshot || side === null) continue;
    if (snapshot.phase === "over") return seq;
    const way = (isClumsy ? 0 : snapshot.ball.y) - snapshot.paddles[side];
    const wanted = Math.abs(way) < 300 ? 0 : way < 0 ? -1 : 1;
    if (wanted === direction) continue;
    direction = wanted;
    bot.say({ type: "input", seq: ++seq, tick: snapshot.tick + 2, direction: wanted });
  }
}

test.each(["json", "binary"] as const)("two bots over npm ws play a game to its end, in %s", async (form) => {
  await using game = await startGame({ seed: 8, pointsToWin: 2, serveMs: 50 });
  await using ada = await Bot.join(game.streamUrl, { name: "Ada", form });
  await using bob = await Bot.join(game.streamUrl, { name: "Bob", form });
  const [inputs] = await Promise.all([followBall(ada, false), followBall(bob, true)]);
  const { score, state, hash, log, refusals } = game.room("Table 1");
  // Who goes into the corner gets points against him, and inputs in time are all taken.
  expect([score, state.winner]).toEqual([[2, 0], 0]);
  expect(inputs).toBeGreaterThan(0);
  expect(refusals).toEqual({ repeated: 0, late: 0, early: 0, frequent: 0 });
  expect(stateHash(replay(log, state.tick))).toBe(hash);
});

test("a bot of Python's websockets plays against one of npm ws", needs(python), async () => {
  await using game = await startGame({ seed: 2, pointsToWin: 1, serveMs: 50 });
  const running = runTool(python, [pythonBot, game.streamUrl, "Guido"]);
  await game.waitForEvent({ type: "joined", name: "Guido" }, { timeoutMs: 20_000 });
  await using ada = await Bot.join(game.streamUrl, { name: "Ada", form: "binary" });
  const [run] = await Promise.all([running, followBall(ada, true)]);
  const told = JSON.parse(run.stdout) as Record<string, unknown>;
  expect(told).toMatchObject({ side: 0, winner: 0, score: [1, 0] });
  expect(told["acked"]).toBe(told["inputs"]);
  expect(told["kinds"]).toMatchObject({ welcome: 1, rooms: 1 });
});

test("Node's own WebSocket plays, and watches in bytes", async () => {
  await using game = await startGame({ clock: "manual" });
  const said = async (join: object, binary: boolean): Promise<string | ArrayBuffer> => {
    const socket = new WebSocket(game.streamUrl);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () =>
      socket.send(JSON.stringify({ type: "join", room: "blue", ...join })),
    );
    const data = await new Promise<string | ArrayBuffer>((resolve) => {
      socket.addEventListener("message", (message) => {
        const data = message.data as string | ArrayBuffer;
        if (binary ? typeof data !== "string" : typeof data === "string" && data.includes('"snapshot"'))
          resolve(data);
      });
    });
    return data;
  };
  expect(JSON.parse((await said({}, false)) as string)).toMatchObject({ type: "snapshot", phase: "waiting" });
  expect(((await said({ as: "spectator", form: "binary" }, true)) as ArrayBuffer).byteLength).toBe(26);
});
