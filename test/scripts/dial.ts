import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A conversation by hand with a mail server, from its greeting on. */
export async function dial(
  url: string,
): Promise<{ socket: Socket; hears: (what: RegExp) => Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  let heard = "";
  socket.on("data", (text: string) => (heard += text));
  socket.on("error", () => {});
  const hears = async (what: RegExp): Promise<string> => {
    while (!what.test(heard)) await once(socket, "data");
    return heard;
  };
  await hears(/^220 /);
  return { socket, hears };
}
