import type { Socket } from "node:net";
import type { Connection } from "./connection.ts";

const connectionOf = Symbol("connection");
type AttachedSocket = Socket & { [connectionOf]?: Connection | undefined };

/** Let a connection hear the news of a socket. */
export function attach(connection: Connection, socket: AttachedSocket): void {
  socket[connectionOf] = connection;
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.on("drain", onDrain);
  socket.on("error", onError);
  socket.on("close", onClose);
}

/** Let nobody hear them but errors, and drop what is in the socket's buffer. */
export function detach(socket: AttachedSocket): void {
  socket.off("data", onData);
  socket.off("end", onEnd);
  socket.off("drain", onDrain);
  socket.off("close", onClose);
  // The error listener stays: a reset at any moment must find one.
  socket.pause();
  while (socket.read() !== null);
}

// The listeners are shared by all connections: five closures for each of 10,000 would cost megabytes.
function onData(this: AttachedSocket, bytes: Buffer): void {
  this[connectionOf]?.heard(bytes);
}

function onEnd(this: AttachedSocket): void {
  this[connectionOf]?.ended();
}

function onDrain(this: AttachedSocket): void {
  this[connectionOf]?.owner.drained();
}

function onError(this: AttachedSocket, error: Error): void {
  this[connectionOf]?.failed(error);
}

function onClose(this: AttachedSocket): void {
  const connection = this[connectionOf];
  // Node keeps a closed socket until the next great collection; what hangs on it must not stay with it.
  this[connectionOf] = undefined;
  connection?.gone();
}
