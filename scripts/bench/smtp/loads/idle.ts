import { once } from "node:events";
import { connect } from "node:net";
import { answerIdle } from "../../idle-crowd.ts";

/* Sessions that have said EHLO and heard the answer. */

answerIdle(async (port) => {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "data");
  socket.write("EHLO idle.test\r\n");
  await once(socket, "data");
  socket.on("error", () => {});
  return socket;
});
