import { beforeEach, describe } from "vitest";
import { type GameServer, startGame } from "portside/servers/websocket";
import { exchanges } from "../../vitest/exchanges.ts";

let game: GameServer;

beforeEach(async () => {
  game = await startGame({ clock: "manual" });
  return () => game.close({ graceMs: 0 });
});

describe("startGame(), by what is said", () => {
  exchanges("test/exchanges/game/*.exchange", { target: () => game.streamUrl });
});
