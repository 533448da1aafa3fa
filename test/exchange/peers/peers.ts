import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { SMTPServer } from "smtp-server";
import { WebSocketServer } from "ws";
import { sharedLeaf } from "../../../wire/certificate.ts";
import { pathOf, portForOthers, python, scratch } from "../../peers/tools.ts";

/** A server of somebody else that runs. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
}

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** aiosmtpd: TLS and login required. */
export async function startAiosmtpd(): Promise<Peer> {
  const folder = scratch();
  const { cert, key } = sharedLeaf();
  const files = [folder.file("cert.pem", cert), folder.file("key.pem", key)];
  const child = spawn(python, [beside("aiosmtpd_server.py"), ...files], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { url: `smtp://127.0.0.1:${await firstLine(child)}`, ...ending(child, folder) };
}

/** pyftpdlib, with a folder of its own. */
export async function startPyftpdlib(): Promise<Peer> {
  const folder = scratch();
  const child = spawn(python, [beside("pyftpdlib_server.py"), folder.path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { url: `ftp://127.0.0.1:${await firstLine(child)}`, ...ending(child, folder) };
}

/** nodemailer's smtp-server, which knows nobody at invalid.test. */
export async function startSmtpServer(): Promise<Peer> {
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onRcptTo: (address, _session, callback) =>
      callback(address.address.endsWith("@invalid.test") ? new Error("no such user") : null),
    onData: (stream, _session, callback) => {
      stream.resume();
      stream.once("end", () => callback());
    },
  });
  server.on("error", () => {});
  const listener = server.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  const url = `smtp://127.0.0.1:${port}`;
  return { url, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Redis on a unix socket of its own: it takes no port 0. */
export async function startRedis(): Promise<Peer> {
  const folder = scratch();
  const path = `${folder.path}/redis.sock`;
  const args = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder.path];
  const child = spawn(pathOf("redis-server") ?? "redis-server", args, {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await answering(() => connect(path), child);
  return { url: `unix:${path}`, ...ending(child, folder) };
}

/** dnsmasq with one name. It takes no port 0 either, so it is given one that was free, until nobody else has it. */
export async function startDnsmasq(): Promise<Peer> {
  for (let left = 5; ; left--) {
    const port = await portForOthers();
    const zone = ["--local=/test/", "--host-record=www.example.test,192.0.2.7,60", "--local-ttl=60"];
    const where = ["--listen-address=127.0.0.1", "--bind-interfaces", `--port=${port}`];
    const plain = [
      "--no-daemon",
      "--no-resolv",
      "--no-hosts",
      "--conf-file=/dev/null",
      "--user=",
      "--pid-file=",
    ];
    const child = spawn(pathOf("dnsmasq") ?? "dnsmasq", [...plain, ...zone, ...where], { stdio: "ignore" });
    const peer = { url: `dns://127.0.0.1:${port}`, ...ending(child) };
    try {
      await answering(() => connect(port, "127.0.0.1"), child);
      return peer;
    } catch (error) {
      await peer[Symbol.asyncDispose]();
      if (left === 0) throw error;
    }
  }
}

/** A room in which everybody hears what is said, on the `ws` package. */
export async function startChat(): Promise<Peer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const members = new Map<string, { readonly name: string; readonly send: (text: string) => void }>();
  const tell = (to: string, message: object): void => members.get(to)?.send(JSON.stringify(message));
  let count = 0;
  server.on("connection", (socket) => {
    const id = `u${++count}`;
    const others = (): string[] => [...members.keys()].filter((key) => key !== id);
    let name = "";
    socket.on("message", (bytes: Buffer) => {
      const message = JSON.parse(bytes.toString()) as { type: string; name: string; text: string };
      if (message.type === "join") {
        name = message.name;
        members.set(id, { name, send: (text) => socket.send(text) });
        tell(id, { type: "welcome", id, members: Array.from(members.values(), (member) => member.name) });
        for (const other of others()) tell(other, { type: "joined", id, name });
      } else for (const key of members.keys()) tell(key, { type: "said", from: id, text: message.text });
    });
    socket.on("close", () => {
      members.delete(id);
      for (const other of others()) tell(other, { type: "left", id, name });
    });
  });
  const { port } = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}/chat`,
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const bytes of child.stdout!) {
    text += String(bytes);
    if (text.includes("\n")) return text.trim();
  }
  throw new Error("the server ended before it said its port");
}

/** Waits until somebody accepts; a server that is given its address does not tell when it listens. */
async function answering(open: () => ReturnType<typeof connect>, child: ChildProcess): Promise<void> {
  for (let left = 1000; ; left--) {
    const socket = open();
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (left === 0 || child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      socket.destroy();
    }
  }
}

function ending(child: ChildProcess, folder?: Disposable): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      folder?.[Symbol.dispose]();
    },
  };
}
