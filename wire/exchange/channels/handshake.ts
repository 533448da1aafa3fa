import { randomBytes } from "node:crypto";
import { WireError } from "../../errors.ts";
import { acceptKey } from "../../websocket.ts";
import type { Channel } from "../stage.ts";

/** Longest head of a request or response that is read. */
const maxHeadBytes = 16_384;

/**
 * Opens the WebSocket conversation at the client's end (RFC 6455 section 4.1).
 * @throws WireError PROTOCOL_VIOLATION when the server does not upgrade, TIMED_OUT
 */
export async function askForUpgrade(channel: Channel, url: URL, timeoutMs: number): Promise<void> {
  const key = randomBytes(16).toString("base64");
  channel.write(
    `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const head = await readHead(channel, timeoutMs);
  const accept = header(head, "sec-websocket-accept");
  if (!/^HTTP\/1\.1 101[ \r]/.test(head) || accept !== acceptKey(key)) {
    throw new WireError("PROTOCOL_VIOLATION", `${url.host} did not upgrade: ${head.split("\r\n")[0]}`);
  }
}

/**
 * Opens the WebSocket conversation at the server's end (RFC 6455 section 4.2).
 * @throws WireError PROTOCOL_VIOLATION when the request asks for something else; it is answered 426
 */
export async function grantUpgrade(channel: Channel, timeoutMs: number): Promise<void> {
  const head = await readHead(channel, timeoutMs);
  const key = header(head, "sec-websocket-key");
  const isUpgrade = /^GET \S+ HTTP\/1\.1\r\n/.test(head) && /websocket/i.test(header(head, "upgrade") ?? "");
  if (!isUpgrade || key === undefined) {
    channel.write(
      "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    channel.end();
    throw new WireError("PROTOCOL_VIOLATION", `this is no WebSocket handshake: ${head.split("\r\n")[0]}`);
  }
  channel.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n\r\n`,
  );
}

/** Reads up to the empty line; what came behind it stays for whoever listens next. */
async function readHead(channel: Channel, timeoutMs: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    let bytes = "";
    const timer = setTimeout(() => settle(new WireError("TIMED_OUT", "no handshake came")), timeoutMs);
    const settle = (error: Error): void => {
      clearTimeout(timer);
      channel.hears = undefined;
      channel.destroy();
      reject(error);
    };
    channel.hears = {
      received: (more) => {
        bytes += more;
        const end = bytes.indexOf("\r\n\r\n");
        if (end === -1) {
          if (bytes.length > maxHeadBytes) settle(new WireError("LINE_TOO_LONG", "the handshake has no end"));
          return;
        }
        clearTimeout(timer);
        // Whoever is next hears what came with the head.
        const rest = bytes.slice(end + 4);
        channel.hears = undefined;
        if (rest !== "") unread(channel, rest);
        resolve(bytes.slice(0, end + 2));
      },
      ended: (error) =>
        settle(new WireError("CONNECTION_LOST", "the connection ended in the handshake", { cause: error })),
    };
  });
}

function unread(channel: Channel, bytes: string): void {
  if ("received" in channel && typeof channel.received === "function") {
    (channel as Channel & { received(bytes: Buffer): void }).received(Buffer.from(bytes, "latin1"));
  }
}

function header(head: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "im").exec(head.replaceAll("\r\n", "\n"))?.[1];
}
