import { connectGame } from "../clients/websocket/index.ts";
import { type GameOptions, startGame } from "../servers/websocket/index.ts";
import { certificateFlags, keyedCertificate } from "./command-line/certificate.ts";
import { listenAddress, text, toggle, value, wholeNumber } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { type RuleFlags, ruleFlags } from "./command-line/rules.ts";
import { typed } from "./command-line/typed.ts";
import { command, main } from "./command-line.ts";
import { playAlong } from "./game/bot.ts";
import { serve, serveFlags, type Service } from "./serve.ts";

/** `npm run game`: pong for two and those who watch, in the browser; or a player for it. */
export const game = command({
  name: "game",
  summary: "pong for two in the browser, over WebSocket, with a lag panel",
  flags: {
    listen: value({ argument: "[ip]:port", help: "where to listen; default 127.0.0.1:8067" }, listenAddress),
    points: value({ argument: "N", help: "points that win a game; default 7" }, wholeNumber),
    ...certificateFlags,
    ...ruleFlags,
    join: value({ argument: "ws://…", help: "play there, as a bot, instead of serving" }, text),
    room: value({ argument: "NAME", help: "with --join: the room; default where somebody waits" }, text),
    name: value({ argument: "NAME", help: "with --join: what the bot is called; default Bot" }, text),
    watch: toggle({ help: "with --join: watch, and tell what happens" }),
    ...serveFlags,
  },
  examples: [
    "portside game --points 3",
    "portside game --join ws://127.0.0.1:8067/stream --name Deep",
    "portside game --listen :0 --json",
  ],
  run: async (options) => {
    const { join, room, name = "Bot", watch } = options;
    if (join === undefined) return await serve(() => startTable(options), options);
    const client = await connectGame({
      url: join,
      name,
      as: watch ? "spectator" : "player",
      ...given({ room }),
    });
    return await playAlong(client, options);
  },
});

const usual = { host: "127.0.0.1", port: 8067 };

interface GameFlags extends Partial<RuleFlags> {
  readonly listen: typeof usual | undefined;
  readonly points?: number | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/** Start the game server at its usual place, or where it is asked to. */
export async function startTable(flags: GameFlags): Promise<Service> {
  const { listen = usual, points, seed, rules = [], tlsCert, tlsKey } = flags;
  const options: GameOptions = {
    ...listen,
    // Games of people shall differ; tests give their seed.
    seed: seed ?? Date.now() % 0x7fff_ffff,
    ...given({ pointsToWin: points, tls: await keyedCertificate({ tlsCert, tlsKey }) }),
    rules,
  };
  const server = await startGame(options);
  return {
    ready: { page: server.url, stream: server.streamUrl },
    facts: [
      ["Game", `${server.url}   in two windows; a third one watches`],
      ["Stream", `${server.streamUrl}   JSON or 26 bytes, 20 times a second`],
    ],
    tries: [
      `${typed(`portside game --join ${server.streamUrl}`)}   # a bot that plays against you`,
      `curl ${server.url}api/rooms`,
    ],
    transcripts: [server.transcript],
    rules: [server.rules],
    close: (options) => server.close(options),
  };
}

if (import.meta.main) await main(game);
