import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How a server is spoken to: by frames alone, or by socket.io's packets in them. */
export type Dialect = "plain" | "socket.io";

/** A client that costs next to nothing: a socket behind its handshake. A load whose server hangs up breaks off. */
export async function openRaw(port: number, path: string, dialect: Dialect = "plain"): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("end", () => {
    throw new Error(`the server ended a connection to ${path}`);
  });
  const target = dialect === "plain" ? path : "/socket.io/?EIO=4&transport=websocket";
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  );
  // socket.io says who we are (0{…}), hears 40 and answers 40{…}.
  const ends = dialect === "plain" ? ["\r\n\r\n"] : ["\r\n\r\n", "0{", "40{"];
  if (dialect === "socket.io") await heard(socket, ends.slice(0, 2));
  if (dialect === "socket.io") socket.write(maskedText("40"));
  await heard(socket, ends.slice(-1));
  return socket;
}

async function heard(socket: Socket, words: readonly string[]): Promise<void> {
  let text = "";
  while (!words.every((word) => text.includes(word))) {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    text += bytes.toString("latin1");
  }
}

/** A text frame of a client. Its mask is all zeros, which costs the server as much as any other. */
export function maskedText(text: string): Buffer {
  return maskedFrame(0x81, Buffer.from(text));
}

/** A frame of a client with its first byte as given, and a payload below 64 KB. */
export function maskedFrame(first: number, payload: Uint8Array, mask = Buffer.alloc(4)): Buffer {
  const { length } = payload;
  const head = length < 126 ? [first, 0x80 | length] : [first, 0xfe, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), mask, payload.map((byte, index) => byte ^ mask[index & 3]!)]);
}
