import { createServer } from "node:tls";
import { sharedLeaf } from "../../../../wire/certificate.ts";
import { answerBench } from "../../child.ts";

/* `tls.createServer` with a certificate of the kind that our servers use: the handshake, and nothing after it. */

const server = createServer({ ...sharedLeaf(), noDelay: true }, (socket) => {
  socket.on("error", () => {});
  socket.resume();
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, () => {
  const address = server.address();
  answerBench({ port: typeof address === "object" && address ? address.port : 0 }, () => ({}));
});
