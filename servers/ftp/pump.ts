/** Moving bytes between a file and a data connection, at the pace of the slower of the two. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { WireError } from "../../wire/errors.ts";
import type { Conversion } from "./ascii.ts";
import { withLargeReads } from "./large-reads.ts";
import type { FileReader, FileWriter } from "./file-system.ts";

/** Counts what went over the wire. */
export interface Meter {
  bytes: number;
}

/** How long a client may take to close its end after ours. */
const lingerMs = 10_000;

/**
 * Send a file and close our end; done when the system has taken everything.
 * @throws WireError CONNECTION_LOST; FileError when reading fails
 */
export async function sendFile(
  socket: Socket,
  reader: FileReader,
  meter: Meter,
  conversion?: Conversion,
): Promise<void> {
  // Nothing is to come but the client's FIN, or a reset.
  socket.resume();
  for (;;) {
    const reading = reader.next();
    const bytes = reading instanceof Promise ? await reading : reading;
    if (bytes === undefined) break;
    const converted = conversion ? conversion.convert(bytes) : bytes;
    if (converted.length > 0) await send(socket, converted, meter);
  }
  await finishSending(socket);
}

/** Send bytes; done when the system has taken them. @throws WireError CONNECTION_LOST */
export async function send(socket: Socket, bytes: Uint8Array | string, meter: Meter): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(lost(error)) : resolve()));
  });
  meter.bytes += typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
}

/** Close our end, and make sure that the connection goes when the client has closed its own. */
export async function finishSending(socket: Socket): Promise<void> {
  if (socket.destroyed) throw lost(socket.errored);
  // Closing sends the FIN as well, and nobody waits for the client's. TLS has its goodbye to say before; and closing on
  // bytes that nobody read is a reset.
  if (!(socket instanceof TLSSocket) && socket.writableLength === 0 && socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const onClose = (): void => reject(lost());
    socket.once("close", onClose);
    socket.end(() => {
      socket.off("close", onClose);
      if (socket.errored) reject(lost(socket.errored));
      else resolve();
    });
  });
  // Whatever the client still sends is not for us, but its FIN is.
  socket.resume();
  socket.setTimeout(lingerMs, () => socket.destroy());
}

/** With more than this, an upload is not a small one, and larger reads are worth a new socket. */
const smallUploadBytes = 128 * 1024;

/**
 * Write what comes until the client closes its end.
 * @param replaced is told when the connection goes on with another socket
 * @throws WireError CONNECTION_LOST when the connection is reset instead; FileError when writing fails
 */
export async function receiveFile(
  socket: Socket,
  writer: FileWriter,
  meter: Meter,
  replaced: (socket: Socket) => void,
  conversion?: Conversion,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let hasLargeReads = false;
    const receive = (from: Socket): void => {
      const fail = (error: unknown): void => {
        from.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const onClose = (): void => reject(lost(from.errored));
      const onEnd = (): void => {
        from.off("close", onClose);
        resolve();
        // Closing sends the FIN as well, and costs one turn of the loop less; TLS has its goodbye to say before.
        if (!(from instanceof TLSSocket)) from.destroy();
      };
      const enlarge = (): void => {
        const large = withLargeReads(from);
        if (!large) return;
        hasLargeReads = true;
        from.off("close", onClose);
        replaced(large);
        receive(large);
      };
      from.once("close", onClose);
      from.once("end", onEnd);
      from.on("data", (bytes: Buffer) => {
        meter.bytes += bytes.length;
        try {
          const writing = writer.write(conversion ? conversion.convert(bytes) : bytes);
          if (writing instanceof Promise) {
            from.pause();
            writing.then(() => from.resume(), fail);
          } else if (!hasLargeReads && meter.bytes > smallUploadBytes) enlarge();
        } catch (error) {
          fail(error);
        }
      });
      // A socket that has taken over in the middle of a read starts behind it.
      if (from.destroyed) onClose();
      else if (hasLargeReads) process.nextTick(() => from.resume());
      else from.resume();
    };
    receive(socket);
  });
  const rest = conversion?.rest();
  if (rest) await writer.write(rest);
}

/**
 * Wait for the end of the TLS handshake.
 * @returns whether an earlier session was resumed
 * @throws WireError TLS_FAILED
 */
export async function handshake(socket: TLSSocket): Promise<boolean> {
  if (socket.getProtocol() === null || !isFinished(socket)) {
    await new Promise<void>((resolve, reject) => {
      const onClose = (): void => reject(new WireError("TLS_FAILED", "on the data connection"));
      if (socket.destroyed) onClose();
      socket.once("close", onClose);
      socket.once("secure", () => {
        socket.off("close", onClose);
        resolve();
      });
    });
  }
  return socket.isSessionReused();
}

/** Whether the handshake is over; the client's finished message is there then. */
function isFinished(socket: TLSSocket): boolean {
  return socket.getPeerFinished() !== undefined;
}

function lost(cause?: Error | null): WireError {
  return new WireError("CONNECTION_LOST", "the data connection broke off", cause ? { cause } : undefined);
}
