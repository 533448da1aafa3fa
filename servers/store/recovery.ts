import { closeSync, fstatSync, openSync, readSync, truncateSync } from "node:fs";
import { CommandCutter, CommandFault } from "../../wire/resp-command.ts";
import { WireError } from "../../wire/errors.ts";
import type { Client } from "./client.ts";
import type { Engine } from "./engine.ts";
import type { TornTail } from "./options.ts";

const chunkBytes = 1_048_576;

/**
 * Do again what a file says.
 * @param isLast only the last file may end in the middle of a command: it is cut there
 * @returns what was cut
 * @throws WireError PROTOCOL_VIOLATION for bytes that are no commands, and for a file that ends too early
 */
export function replay(engine: Engine, client: Client, path: string, isLast: boolean): TornTail | undefined {
  const fd = openSync(path, "r");
  let total: number;
  let kept: number;
  try {
    total = fstatSync(fd).size;
    kept = replayFrom(fd, path, engine, client);
  } finally {
    closeSync(fd);
  }
  client.transaction = undefined;
  if (kept === total) return undefined;
  if (!isLast) {
    throw new WireError(
      "PROTOCOL_VIOLATION",
      `${path} ends in the middle of a command, and is not the last file`,
    );
  }
  truncateSync(path, kept);
  return { file: path, keptBytes: kept, cutBytes: total - kept };
}

/** @returns where the last whole command or transaction ends */
function replayFrom(fd: number, path: string, engine: Engine, client: Client): number {
  const cutter = new CommandCutter({ maxWords: Number.MAX_SAFE_INTEGER, maxWordBytes: 536_870_000 });
  let bytes: Buffer = Buffer.alloc(0);
  /** Where `bytes` begins in the file. */
  let offset = 0;
  let kept = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const length = readSync(fd, chunk, 0, chunkBytes, offset + bytes.length);
    if (length === 0) return kept;
    bytes = bytes.length > 0 ? Buffer.concat([bytes, chunk.subarray(0, length)]) : chunk.subarray(0, length);
    if (offset === 0) refuseSnapshot(bytes, path);
    let at = 0;
    for (let words = cutter.cut(bytes, at); words !== undefined; words = cutter.cut(bytes, at)) {
      if (words instanceof CommandFault)
        throw new WireError("PROTOCOL_VIOLATION", `${path} after byte ${kept}: ${words.text}`);
      at = cutter.end;
      redo(words, path, engine, client);
      if (client.transaction === undefined) kept = offset + at;
    }
    at = cutter.end;
    offset += at;
    bytes = bytes.subarray(at);
  }
}

function redo(words: readonly string[], path: string, engine: Engine, client: Client): void {
  // A note about the time; Redis writes it when asked.
  if (words[0]!.startsWith("#")) return;
  if (engine.commandNamed(words[0]!) === undefined)
    throw new WireError(
      "PROTOCOL_VIOLATION",
      `${path} has the command ${words[0]!.slice(0, 40)}, which this store does not know`,
    );
  void engine.call(client, words);
}

function refuseSnapshot(bytes: Buffer, path: string): void {
  if (bytes.subarray(0, 5).toString("latin1") !== "REDIS") return;
  throw new WireError(
    "PROTOCOL_VIOLATION",
    `${path} begins with a snapshot (RDB), expected commands; have Redis write it anew with "aof-use-rdb-preamble no" and BGREWRITEAOF`,
  );
}
