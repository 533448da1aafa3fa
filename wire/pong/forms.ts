import { readServerBytes, writeInput } from "./binary-messages.ts";
import { readServerJson, writeJson } from "./json-messages.ts";
import type { ClientMessage, Form, ServerMessage } from "./messages.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a client says, as it travels: in the binary form inputs are bytes, and everything else is text. */
export function writeClientMessage(message: ClientMessage, form: Form): string | Uint8Array<ArrayBuffer> {
  return form === "binary" && message.type === "input" ? writeInput(message) : writeJson(message);
}

/**
 * What a server says, in whichever form it comes.
 * @param known the newest snapshot, if there is one
 * @throws TypeError when it is none of ours
 */
export function readServerMessage(message: string | Uint8Array, known: Snapshot | undefined): ServerMessage {
  return typeof message === "string" ? readServerJson(message) : readServerBytes(message, known);
}
