import { connectSocket } from "../../../../clients/socket/index.ts";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import { makeCertificateAuthority } from "../../../../wire/certificate.ts";
import { frameOf } from "../../echo/bare/length-frames.ts";
import { openTap } from "../tap.ts";
import { belowTcp, type Way } from "../way.ts";
import { framedAnswer } from "./framed-answer.ts";
import { echoStream } from "./stream-echo.ts";

/** The same stream, sealed: the records from outside, and what its two ends see inside. */
export const tls: Way = {
  title: "TLS, length frames",
  about: "The same stream, sealed: from outside records of some length, inside the same bytes as over TCP.",
  below: belowTcp,
  async open() {
    const authority = makeCertificateAuthority();
    const server = await echoStream(authority.issue({ names: ["127.0.0.1"] }));
    return {
      async exchange(message, recording) {
        const inside = recording.channel("inside TLS", cuts.tcp(), { isOnWire: false });
        await using tap = await openTap(server.port, recording.channel("connection", cuts.tls()));
        await using talk = await connectSocket(`tls://127.0.0.1:${tap.port}`, { ca: authority.certificate });
        const frame = frameOf(Buffer.from(message));
        inside.heard("client", frame);
        talk.send(frame);
        const answer = await framedAnswer(talk, (piece) => inside.heard("server", piece));
        await talk.end();
        await tap.over;
        return answer;
      },
      close: () => server.close(),
    };
  },
};
