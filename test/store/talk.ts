import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeResp, encodeCommand, type RespValue } from "../../wire/resp.ts";

/** A connection that speaks bytes: what is sent is exactly what was given. */
export interface Talk extends AsyncDisposable {
  readonly socket: Socket;
  send(bytes: string): void;
  /** The next reply. */
  reply(): Promise<RespValue>;
  /** A command and its reply, in short: `OK`, `(error) …`, `(nil)`, numbers as they are, arrays as arrays. */
  say(...words: readonly string[]): Promise<Plain>;
  /** Everything until the other side ends. */
  rest(): Promise<string>;
}

/** A reply as tests compare it. */
export type Plain = string | number | bigint | boolean | null | readonly Plain[];

/** Connect to a port of this machine or a unix socket. */
export async function talkTo(to: { readonly port: number } | { readonly path: string }): Promise<Talk> {
  const socket = "port" in to ? connect({ port: to.port, host: "127.0.0.1" }) : connect({ path: to.path });
  await once(socket, "connect");
  let bytes = "";
  /** Where the next reply begins. */
  let at = 0;
  let isOver = false;
  let wake = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    bytes = bytes.slice(at) + chunk.toString("latin1");
    at = 0;
    wake();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    isOver = true;
    wake();
  });
  const more = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  const send = (text: string): void => void socket.write(text, "latin1");
  const reply = async (): Promise<RespValue> => {
    for (;;) {
      const found = decodeResp(bytes, at);
      if (found) {
        at = found.end;
        return found.value;
      }
      if (isOver) throw new Error(`the connection ended after ${JSON.stringify(bytes.slice(at))}`);
      await more();
    }
  };
  return {
    socket,
    send,
    reply,
    say: async (...words) => {
      send(encodeCommand(words));
      return plain(await reply());
    },
    rest: async () => {
      while (!isOver) await more();
      return bytes.slice(at);
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      if (!socket.closed) await once(socket, "close");
    },
  };
}

/** A reply in short. */
export function plain(value: RespValue): Plain {
  switch (value.type) {
    case "error":
    case "bulk-error":
      return `(error) ${value.text}`;
    case "simple":
    case "bulk":
    case "big":
    case "verbatim":
      return value.text;
    case "integer":
      return Number(value.value);
    case "double":
    case "boolean":
      return value.value;
    case "array":
    case "set":
    case "push":
      return value.items.map(plain);
    case "map":
    case "attribute":
      return value.entries.flatMap(([key, item]) => [plain(key), plain(item)]);
    default:
      return null;
  }
}
