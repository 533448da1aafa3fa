import type { GameClient } from "../../clients/websocket/index.ts";
import { firstSignal } from "../serve.ts";

/** How near the middle of the paddle is to the ball when the bot rests, in sixteenths of a pixel. */
const nearEnough = 300;

/**
 * Play until Ctrl-C: follow the ball when it comes, go to the middle when it does not, and agree to every rematch.
 * Points and results are told, a line each.
 */
export async function playAlong(
  client: GameClient,
  { quiet, json }: { readonly quiet: boolean; readonly json: boolean },
): Promise<number> {
  const asked = firstSignal();
  const said = (words: string, fact: object): void => {
    if (json) console.log(JSON.stringify(fact));
    else if (!quiet) console.log(words);
  };
  const { room, name, side } = client.welcome;
  said(`${name} ${side === null ? "watches" : "plays"} in ${room}; Ctrl-C leaves`, { room, name, side });
  const playing = follow(client, said);
  await Promise.race([asked, playing]);
  await client.close();
  await playing;
  return 0;
}

async function follow(client: GameClient, said: (words: string, fact: object) => void): Promise<void> {
  let before = { score: "0 : 0", phase: "" };
  for await (const { phase, score, ball, paddles, winner } of client.snapshots()) {
    const { side, players } = client;
    const now = { score: score.join(" : "), phase };
    if (now.score !== before.score) said(now.score, { score });
    if (phase === "over" && before.phase !== "over" && winner !== undefined) {
      said(`${players?.players[winner]?.name ?? "Somebody"} wins`, { winner, score });
    }
    before = now;
    if (side === undefined) continue;
    const other = players?.players[side === 0 ? 1 : 0];
    if (phase === "over" && other?.wantsRematch === true) client.rematch();
    const isComing = side === 0 ? ball.vx < 0 : ball.vx > 0;
    const way = (isComing ? ball.y : 3_600) - paddles[side];
    client.steer(Math.abs(way) < nearEnough ? 0 : way < 0 ? -1 : 1);
  }
  await client.ended;
}
