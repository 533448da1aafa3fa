import { setImmediate as turn } from "node:timers/promises";
import { startGame } from "../../../../servers/websocket/index.ts";
import { answerBench } from "../../child.ts";

/** What the game's clock says, taken as soon as a tick has passed. */
export interface TickReading {
  readonly ticks: number;
  readonly droppedTicks: number;
  readonly atMs: number;
  readonly rooms: number;
  /** Inputs that moved something, and that moved nothing. */
  readonly inputs: { readonly taken: number; readonly refused: number };
}

/* The game as a user gets it. Games never end, so that there is the same to do in each second. */
const game = await startGame({ pointsToWin: 255, serveMs: 200 });

answerBench({ port: game.port }, async (): Promise<TickReading> => {
  const before = game.ticks;
  while (game.ticks === before) await turn();
  const { ticks } = game;
  const [atMs, rooms] = [performance.now(), game.rooms()];
  const refused = rooms
    .flatMap(({ refusals }) => Object.values(refusals))
    .reduce((sum, count) => sum + count, 0);
  const taken = rooms.reduce((sum, { log }) => sum + log.events.length, 0);
  return { ticks, droppedTicks: game.droppedTicks, atMs, rooms: rooms.length, inputs: { taken, refused } };
});
