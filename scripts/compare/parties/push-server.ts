/** A process that tells what happens: `push-server.ts NAME PLACE`. */
import { setTimeout as wait } from "node:timers/promises";
import { answerRequests } from "../../asked-process.ts";
import { messageBytes, type Place } from "../echo.ts";
import { pushes, type PushName } from "../transports.ts";

/** Let so many things happen, at times drawn evenly from so many milliseconds. @returns nothing, when all have */
export interface PushRequest {
  readonly atMs: readonly number[];
}

const [name, place] = process.argv.slice(2) as [PushName, string];
const server = await pushes[name].push.serve(JSON.parse(place) as Place);

answerRequests({ port: server.port }, async ({ atMs }: PushRequest) => {
  const begin = performance.now();
  for (const at of atMs) {
    await wait(Math.max(0, begin + at - performance.now()));
    // With the time of a clock that all processes of a machine share.
    server.push(process.hrtime.bigint().toString().padEnd(messageBytes, "."));
  }
});
