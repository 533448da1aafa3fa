import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";
import { WireError } from "../../wire/errors.ts";
import { acceptKey, closePayload, encodeFrame, opcodes, WebSocketReader } from "../../wire/websocket.ts";
import { type Carrier, whenWritten } from "./carrier.ts";

const normalClosure = 1000;

/** Messages of a WebSocket (RFC 6455), for either end. Pings are answered, and not told. */
export class WebSocketCarrier implements Carrier {
  hear = (_bytes: Buffer): void => {};
  ended = (_error?: Error): void => {};
  readonly hasMessages = true;
  readonly #socket: Socket;
  readonly #isClient: boolean;
  readonly #reader: WebSocketReader;
  #isOver = false;

  constructor(socket: Socket, head: Buffer, isClient: boolean) {
    this.#socket = socket;
    this.#isClient = isClient;
    // Who is masked is the client, always and only (RFC 6455 section 5.1).
    this.#reader = new WebSocketReader({ isMasked: !isClient });
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("end", () =>
      this.#end(new WireError("CONNECTION_LOST", "the connection ended without a close frame")),
    );
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end());
    queueMicrotask(() => {
      if (head.length > 0) this.#read(head);
    });
  }

  /**
   * Ask for the upgrade on a connection (RFC 6455 section 4.1).
   * @throws WireError PROTOCOL_VIOLATION when it is refused, TIMED_OUT
   */
  static async open(socket: Socket, url: URL, timeoutMs: number): Promise<WebSocketCarrier> {
    const key = randomBytes(16).toString("base64");
    return await new Promise((resolve, reject) => {
      const asked = request({
        createConnection: () => socket,
        host: url.hostname,
        path: `${url.pathname}${url.search}`,
        headers: {
          Host: url.host,
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Key": key,
          "Sec-WebSocket-Version": "13",
        },
        timeout: timeoutMs,
      });
      asked.once("upgrade", (response, upgraded: Socket, head) => {
        upgraded.setTimeout(0);
        if (response.headers["sec-websocket-accept"] === acceptKey(key))
          resolve(new WebSocketCarrier(upgraded, head, true));
        else
          reject(
            new WireError("PROTOCOL_VIOLATION", `${url.host} upgraded with a wrong Sec-WebSocket-Accept`),
          );
      });
      asked.once("response", (response) => {
        socket.destroy();
        reject(
          new WireError(
            "PROTOCOL_VIOLATION",
            `${url.host} did not upgrade: HTTP ${response.statusCode} ${response.statusMessage}`,
          ),
        );
      });
      asked.once("timeout", () =>
        asked.destroy(new WireError("TIMED_OUT", `${url.host} did not upgrade within ${timeoutMs} ms`)),
      );
      asked.once("error", (cause) =>
        reject(
          cause instanceof WireError
            ? cause
            : new WireError("CONNECTION_LOST", `${url.host}: ${cause.message}`, { cause }),
        ),
      );
      asked.end();
    });
  }

  write(bytes: Uint8Array, isText: boolean): void {
    this.#send(isText ? opcodes.text : opcodes.binary, bytes);
  }

  flushed(): Promise<void> {
    return whenWritten(this.#socket);
  }

  /** The close frame; the other side answers with its own, and ends the connection. */
  end(): void {
    this.#send(opcodes.close, closePayload(normalClosure));
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #send(opcode: number, payload: Uint8Array): void {
    if (this.#socket.writable)
      this.#socket.write(encodeFrame(opcode, payload, this.#isClient ? { mask: randomBytes(4) } : {}));
  }

  #read(bytes: Buffer): void {
    for (const event of this.#reader.push(bytes)) {
      if (event.type === "text" || event.type === "binary") this.hear(event.payload);
      else if (event.type === "ping") this.#send(opcodes.pong, event.payload);
      else if (event.type === "close") this.#closed(event.code, event.reason);
    }
    const { failure } = this.#reader;
    if (!failure || this.#isOver) return;
    this.#send(opcodes.close, closePayload(failure.closeCode));
    this.#end(failure);
    this.#socket.destroySoon();
  }

  #closed(code: number | undefined, reason: string): void {
    this.#send(opcodes.close, closePayload(code));
    this.#socket.end();
    const isNormal = code === undefined || code === normalClosure || code === 1001;
    this.#end(
      isNormal
        ? undefined
        : new WireError("CONNECTION_LOST", `closed with ${code}${reason === "" ? "" : `: ${reason}`}`),
    );
  }

  #end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.ended(error);
  }
}
