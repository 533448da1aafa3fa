/** A control connection in the hands of a test: every byte is chosen, every reply is seen. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

export interface Dialogue extends AsyncDisposable {
  readonly socket: Socket;
  /** The next reply, whole: `211-Features:\n UTF8\n211 End`. Rejects when the connection ends first. */
  reply(): Promise<string>;
  /** Send a command and give its reply. */
  say(command: string): Promise<string>;
  /** Send bytes and wait for nothing. */
  send(bytes: string | Uint8Array): void;
  /** Log in, and answer nothing. */
  login(name?: string, password?: string): Promise<Dialogue>;
  /** EPSV, and the connection to the port it names. */
  passive(command?: "EPSV" | "PASV"): Promise<Socket>;
  /** Everything that a command sends over a passive data connection, and the last reply. */
  fetch(command: string): Promise<{ readonly bytes: Buffer; readonly reply: string }>;
  /** Send content over a passive data connection; the last reply. */
  store(command: string, content: string | Uint8Array): Promise<string>;
  /** AUTH TLS and the handshake. */
  secure(options?: { readonly session?: Buffer }): Promise<TLSSocket>;
  /** Resolves when the server has closed the connection. */
  readonly ended: Promise<void>;
}

/** Connect, and read the greeting. */
export async function dialogue(address: { readonly host: string; readonly port: number }): Promise<Dialogue> {
  const spoken = speak(await open(address.port, address.host), address.host);
  await spoken.reply();
  return spoken;
}

/** A TCP connection that stands. */
export async function open(port: number, host = "127.0.0.1", localAddress?: string): Promise<Socket> {
  const socket = connect({ port, host, ...(localAddress !== undefined && { localAddress }) });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Everything until the other side closes; rejects on a reset. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A port where a test waits for active data connections. */
export async function waitingPort(host = "127.0.0.1"): Promise<{
  readonly server: Server;
  readonly port: number;
  readonly connection: Promise<Socket>;
}> {
  const server = createServer();
  const connection = new Promise<Socket>((resolve) => {
    server.once("connection", (socket) => {
      server.close();
      resolve(socket);
    });
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" && address ? address.port : 0, connection };
}

function speak(plain: Socket, host: string): Dialogue {
  let socket = plain;
  let text = "";
  let wake: (() => void) | undefined;
  let isEnded = false;
  let endedNow = (): void => {};
  const ended = new Promise<void>((resolve) => (endedNow = resolve));
  const attach = (): void => {
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      wake?.();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      isEnded = true;
      wake?.();
      endedNow();
    });
  };
  attach();

  const reply = async (): Promise<string> => {
    for (;;) {
      const match = /^(?:(\d{3})-[\s\S]*?\r\n(?=\1 ))?\d{3} [^\r\n]*\r\n/.exec(text);
      if (match) {
        text = text.slice(match[0].length);
        return match[0].trimEnd().replaceAll("\r\n", "\n");
      }
      if (isEnded) throw new Error(`the connection ended; there was ${JSON.stringify(text)}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };

  const self: Dialogue = {
    get socket() {
      return socket;
    },
    ended,
    reply,
    send: (bytes) => void socket.write(bytes),
    say: async (command) => {
      socket.write(`${command}\r\n`);
      return await reply();
    },
    login: async (name = "ann", password = "secret") => {
      await self.say(`USER ${name}`);
      await self.say(`PASS ${password}`);
      return self;
    },
    passive: async (command = "EPSV") => {
      const answer = await self.say(command);
      const [, high, low] = /(\d+),(\d+)\)/.exec(answer) ?? [];
      const port = /\|\|\|(\d+)\|/.exec(answer)?.[1] ?? Number(high) * 256 + Number(low);
      return await open(Number(port), host);
    },
    fetch: async (command) => {
      const connection = await self.passive();
      socket.write(`${command}\r\n`);
      const [bytes, first] = await Promise.all([readAll(connection), reply()]);
      return { bytes, reply: first.startsWith("150") ? await reply() : first };
    },
    store: async (command, content) => {
      const connection = await self.passive();
      const first = await self.say(command);
      if (!first.startsWith("150")) {
        connection.destroy();
        return first;
      }
      connection.end(content);
      return await reply();
    },
    secure: async (options = {}) => {
      await self.say("AUTH TLS");
      socket.removeAllListeners("data");
      socket.removeAllListeners("close");
      const secure = connectTls({ socket: plain, rejectUnauthorized: false, ...options });
      await once(secure, "secureConnect");
      socket = secure;
      attach();
      return secure;
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      plain.destroy();
    },
  };
  return self;
}
