import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** USER and PASS; everybody is asked for both, and has to accept them. */
export async function loggedIn(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  await reply(socket, 220);
  await say(socket, "USER anonymous", 331);
  await say(socket, "PASS bench", 230);
  return socket;
}

/** Say a command and read its reply. @throws Error when the reply has another code */
export async function say(socket: Socket, command: string, code: number): Promise<void> {
  socket.write(`${command}\r\n`);
  await reply(socket, code);
}

/** Read to the end of a reply: some servers send the lines of one in packets of their own. */
async function reply(socket: Socket, code: number): Promise<void> {
  let text = "";
  while (!/^\d{3} .*\r\n$/m.test(text)) {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    text += bytes.toString("latin1");
  }
  if (!text.startsWith(String(code))) throw new Error(`expected ${code}, got ${text}`);
}
