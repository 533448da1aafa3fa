import { connectSocket } from "../../../../clients/socket/index.ts";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import { frameOf } from "../../echo/bare/length-frames.ts";
import { openTap } from "../tap.ts";
import { belowTcp, type Way } from "../way.ts";
import { echoStream } from "./stream-echo.ts";
import { framedAnswer } from "./framed-answer.ts";

/** A message on a stream of bytes, with its length in front. */
export const tcp: Way = {
  title: "TCP, length frames",
  about: "A stream of bytes without messages in it; so each has its length in front.",
  below: belowTcp,
  async open() {
    const server = await echoStream();
    return {
      async exchange(message, recording) {
        await using tap = await openTap(server.port, recording.channel("connection", cuts.tcp()));
        await using talk = await connectSocket(`tcp://127.0.0.1:${tap.port}`);
        talk.send(frameOf(Buffer.from(message)));
        const answer = await framedAnswer(talk);
        await talk.end();
        await tap.over;
        return answer;
      },
      close: () => server.close(),
    };
  },
};
