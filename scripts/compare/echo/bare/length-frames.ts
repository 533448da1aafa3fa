/** A message on a stream: its length in four bytes, and its bytes. */
export function frameOf(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(4 + message.length);
  frame.writeUInt32BE(message.length);
  message.copy(frame, 4);
  return frame;
}

/** Cut a stream into messages: what a socket gives are pieces, cut anywhere. */
export function frameReader(hear: (message: Buffer) => void): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      const end = 4 + rest.readUInt32BE();
      hear(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
  };
}
