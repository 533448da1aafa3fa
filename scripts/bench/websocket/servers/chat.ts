import { connectBus } from "../../../../clients/store/index.ts";
import { startChat } from "../../../../servers/websocket/index.ts";
import { answerBench } from "../../child.ts";

/*
 * A chat as a user gets it, on its own bus, or on the one at the port that is given. Only the limits of a single client
 * are off, because one of them says everything.
 */
const redisPort = process.argv[2];
const bus =
  redisPort === undefined ? {} : { bus: await connectBus({ url: `redis://127.0.0.1:${redisPort}` }) };
const chat = await startChat({ ...bus, linesPerSecond: Infinity, maxUnreadBytes: 2 ** 30 });
answerBench({ port: chat.port }, () => ({}));
