import { WebSocket, WebSocketServer } from "ws";
import { answerBench } from "../../child.ts";

/* What people write with npm `ws`: the same doors as ours. */
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });

server.on("connection", (socket, { url }) => {
  socket.on("error", () => {});
  if (url === "/room") {
    socket.on("message", (message, isBinary) => {
      for (const client of server.clients) {
        if (client.readyState === WebSocket.OPEN) client.send(message, { binary: isBinary });
      }
    });
  } else if (url === "/echo") {
    socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary }));
  } else if (url === "/count") {
    let count = 0;
    socket.on("message", (_message, isBinary) => (isBinary ? (count += 1) : socket.send(String(count))));
  }
});
server.on("listening", () =>
  answerBench({ port: (server.address() as { readonly port: number }).port }, () => ({})),
);
