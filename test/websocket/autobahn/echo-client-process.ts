import { connectWebSocket, type WebSocketClient } from "../../../clients/websocket/index.ts";
import { WireError } from "../../../wire/errors.ts";

/*
 * An echo for Autobahn's fuzzing server: argv may say where that is. It goes through all of its cases, one connection
 * each, and asks for the reports. How a case ends is for the suite to judge.
 */

const [url = "ws://127.0.0.1:9001"] = process.argv.slice(2);
const agent = "portside";

let count = 0;
await visit("/getCaseCount", (message) => (count = Number(message)));
for (let number = 1; number <= count; number += 1) {
  await visit(`/runCase?case=${number}&agent=${agent}`, (message, client) => client.send(message));
}
await visit(`/updateReports?agent=${agent}`, () => {});
process.stdout.write(`${count} cases\n`);

async function visit(
  path: string,
  hear: (message: string | Buffer, client: WebSocketClient) => unknown,
): Promise<void> {
  await using client = await connectWebSocket(url + path, { deflate: true });
  try {
    for await (const message of client) hear(message, client);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}
