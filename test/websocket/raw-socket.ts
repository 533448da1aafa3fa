import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A socket behind a handshake, for bytes as they are. */
export interface RawSocket extends Disposable {
  readonly socket: Socket;
  /** The head that the server answered with. */
  readonly head: string;
  write(bytes: string | Uint8Array): boolean;
  /** The next so many bytes. @throws Error when the connection ends before */
  read(length: number): Promise<Buffer>;
  /** All bytes that are left, until the server ends the connection. */
  rest(): Promise<Buffer>;
}

/** Fields of a good handshake. */
export const goodFields: Readonly<Record<string, string>> = {
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};

/** Ask for a WebSocket with the fields of a good handshake, and some of them otherwise. */
export async function rawSocket(
  port: number,
  path: string,
  fields: Readonly<Record<string, string | undefined>> = {},
  firstLine = `GET ${path} HTTP/1.1`,
): Promise<RawSocket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  socket.on("error", () => {});
  const all = { Host: `127.0.0.1:${port}`, ...goodFields, ...fields };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  socket.write(`${firstLine}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);

  const heard: Buffer[] = [];
  let length = 0;
  let hasEnded = false;
  let wake = (): void => {};
  socket.on("data", (bytes: Buffer) => {
    heard.push(bytes);
    length += bytes.length;
    wake();
  });
  const end = (): void => {
    hasEnded = true;
    wake();
  };
  socket.on("end", end);
  socket.on("close", end);
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere() && !hasEnded) await new Promise<void>((resolve) => (wake = resolve));
  };
  const take = (count: number): Buffer => {
    const all = Buffer.concat(heard);
    heard.length = 0;
    heard.push(all.subarray(count));
    length = all.length - count;
    return all.subarray(0, count);
  };
  await once(socket, "connect");
  await until(() => Buffer.concat(heard).includes("\r\n\r\n"));
  const headEnd = Buffer.concat(heard).indexOf("\r\n\r\n");
  const head = take(headEnd === -1 ? length : headEnd + 4).toString("latin1");
  return {
    socket,
    head,
    write: (bytes) => socket.write(bytes),
    read: async (count) => {
      await until(() => length >= count);
      if (length < count) throw new Error(`the connection ended after ${length} of ${count} bytes`);
      return take(count);
    },
    rest: async () => {
      await until(() => false);
      return take(length);
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
