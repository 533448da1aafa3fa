import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { answerBench } from "../../child.ts";

/* socket.io over WebSocket alone: everybody is told what one emits. The load answers no pings, so there are none. */
const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  perMessageDeflate: false,
  serveClient: false,
  pingInterval: 86_400_000,
});
io.on("connection", (socket) => socket.on("m", (message: string) => io.emit("m", message)));
http.listen(0, "127.0.0.1", () => answerBench({ port: (http.address() as AddressInfo).port }, () => ({})));
