import { createServer, type Socket } from "node:net";
import { answerBench } from "../../child.ts";

/* Sends so many megabytes as the first line of a connection asks for, and ends. */

const chunk = Buffer.alloc(64 * 1_024, "x");

const server = createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (line) => send(socket, Number(line.toString()) * 1_048_576));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  answerBench({ port: typeof address === "object" && address ? address.port : 0 }, () => ({}));
});

function send(socket: Socket, bytes: number): void {
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      left -= chunk.length;
      if (!socket.write(chunk)) {
        socket.once("drain", more);
        return;
      }
    }
    socket.end();
  };
  more();
}
