import type { WebSocketConnection } from "./connection.ts";
import { Frame } from "./frame.ts";

/**
 * Tell many the same. The frame is built once; what they are told in one turn of the event loop is joined once, and
 * leaves in one write for each of them.
 * @param message text, bytes, or a frame made by `frameOf`
 * @param except is told nothing: the one who said it
 */
export function broadcast(
  connections: Iterable<WebSocketConnection>,
  message: string | Uint8Array | Frame,
  except?: WebSocketConnection,
): void {
  const frame = message instanceof Frame ? message : new Frame(message);
  for (const connection of connections) if (connection !== except) connection.send(frame);
}
