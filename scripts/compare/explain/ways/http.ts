import { connectWeb } from "../../../../clients/web/index.ts";
import { startWeb } from "../../../../servers/web/index.ts";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import { openTap } from "../tap.ts";
import { belowTcp, type Way } from "../way.ts";

/** A request with the message as its body, and an answer with it. */
export const http: Way = {
  title: "HTTP POST",
  about: "A head and a body each way, with every message; the connection may stay for the next.",
  below: belowTcp,
  async open() {
    const server = await startWeb();
    server.route("POST /echo", async ({ body }) => ({ body: await body.bytes() }));
    return {
      async exchange(message, recording) {
        await using tap = await openTap(server.port, recording.channel("connection", cuts.http()));
        const client = await connectWeb(`http://127.0.0.1:${tap.port}`);
        const { body } = await client.ask({ method: "POST", target: "/echo", body: message });
        await client.close();
        await tap.over;
        return body.toString();
      },
      close: () => server.close({ graceMs: 0 }),
    };
  },
};
