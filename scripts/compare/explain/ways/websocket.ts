import { connectWebSocket } from "../../../../clients/websocket/index.ts";
import { startWebSocket } from "../../../../servers/websocket/index.ts";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import { openTap } from "../tap.ts";
import { belowTcp, type Way } from "../way.ts";

/** An upgraded HTTP connection, and a frame for each message. */
export const websocket: Way = {
  title: "WebSocket",
  about: "It begins as HTTP; once that is agreed upon each message is a frame with a few bytes of header.",
  below: belowTcp,
  async open() {
    const server = await startWebSocket({
      "/": {
        doors: {
          "/echo": { welcome: (connection) => ({ heard: (said) => connection.send(said.toString()) }) },
        },
      },
    });
    return {
      async exchange(message, recording) {
        await using tap = await openTap(server.port, recording.channel("connection", cuts.http()));
        const client = await connectWebSocket(`ws://127.0.0.1:${tap.port}/echo`);
        client.send(message);
        const answer = await client.receive();
        await client.close(1000, "done");
        await tap.over;
        return answer.toString();
      },
      close: () => server.close({ graceMs: 0 }),
    };
  },
};
