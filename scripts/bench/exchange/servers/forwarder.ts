import { connect, createServer } from "node:net";
import { startInterposer } from "../../../../servers/exchange/index.ts";
import { answerBench } from "../../child.ts";

/* Forwards to a port: our interposer without a rule, or the least that forwards, two pipes. */

const [how, port] = process.argv.slice(2);

if (how === "interposer") {
  const interposer = await startInterposer({ target: `tcp://127.0.0.1:${port}`, dialect: "raw" });
  answerBench({ port: interposer.port }, () => ({}));
} else {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (front) => {
    const back = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    front.on("error", () => back.destroy());
    back.on("error", () => front.destroy());
    front.pipe(back).pipe(front);
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    answerBench({ port: typeof address === "object" && address ? address.port : 0 }, () => ({}));
  });
}
