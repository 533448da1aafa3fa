import { startWebSocket, type Door } from "../../../servers/websocket/index.ts";

/* An echo for Autobahn's fuzzing client, as somebody would start one: argv may say the port. It stays until it is killed. */

const [port = "9001"] = process.argv.slice(2);
const echo: Door = {
  welcome: (connection) => ({ heard: (message, isText) => connection.send(message, isText) }),
};
// The largest message of the suite has 16 MiB; compression is offered in its groups 12 and 13 alone.
const limits = { maxMessageBytes: 16 * 1024 * 1024, deflate: true };
const server = await startWebSocket({ "/": { doors: { "/": echo } } }, { port: Number(port), ...limits });
process.stdout.write(`${server.streamUrl}\n`);
