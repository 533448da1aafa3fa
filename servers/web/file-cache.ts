import { closeSync, readSync, type Stats } from "node:fs";
import { contentType } from "./content-type.ts";
import { httpDate } from "../../wire/http-date.ts";
import type { Jail, Opened } from "./jail.ts";
import type { Validators } from "./preconditions.ts";

/** Files up to this are kept in memory while they are asked for; larger ones are read as they leave. */
export const maxKeptFileBytes = 65_536;
const maxKeptFiles = 1_000;
/** A file that was written this recently may be written again without a new time: its content is not relied upon. */
const racyMs = 50;

/** What is known of a file at one moment. */
export interface FileFacts extends Validators {
  readonly byteCount: number;
  readonly type: string;
  /** All of it, when it is small. */
  readonly content: Buffer | undefined;
  /** Fields that every answer about it has: Last-Modified and ETag. */
  readonly fields: readonly string[];
  /** Whole responses that were made of it, by whom they are for; gone with it. */
  readonly made: Map<string, unknown>;
}

interface Entry {
  readonly stats: Stats;
  readonly facts: FileFacts;
  /** The turn of the event loop in which the file was last looked at. */
  turn: number;
  readonly readAtMs: number;
}

/**
 * Small files in memory. Each is looked at again in every turn of the event loop in which it is asked for (opened inside
 * its jail, and its times and size compared), but only once: requests that are answered in the same turn came before
 * the look, so none of them can have seen a newer file.
 */
export class FileCache {
  readonly #jail: Jail;
  readonly #entries = new Map<string, Entry>();

  constructor(jail: Jail) {
    this.#jail = jail;
  }

  /** A small file that was looked at in this turn. */
  fresh(path: string): FileFacts | undefined {
    const entry = this.#entries.get(path);
    return entry?.turn === currentTurn() ? entry.facts : undefined;
  }

  /** Open a path. A plain file that is small is read, and its descriptor closed; what is given else must be closed. */
  look(
    path: string,
  ): { readonly facts: FileFacts; readonly opened?: Opened } | { readonly folder: Opened } | undefined {
    const opened = this.#jail.open(path);
    if (!opened) {
      this.#entries.delete(path);
      return undefined;
    }
    if (opened.stats.isDirectory()) return { folder: opened };
    if (opened.stats.size > maxKeptFileBytes)
      return { facts: factsOf(path, opened.stats, undefined), opened };
    try {
      return { facts: this.#keep(path, opened) };
    } finally {
      closeSync(opened.descriptor);
    }
  }

  #keep(path: string, { descriptor, stats }: Opened): FileFacts {
    const known = this.#entries.get(path);
    if (known && isUnchanged(known, stats)) {
      known.turn = currentTurn();
      return known.facts;
    }
    const readAtMs = Date.now();
    const buffer = Buffer.allocUnsafeSlow(stats.size);
    const content = buffer.subarray(0, readSync(descriptor, buffer, 0, stats.size, 0));
    const facts = factsOf(path, stats, content);
    this.#entries.delete(path);
    this.#entries.set(path, { stats, facts, turn: currentTurn(), readAtMs });
    if (this.#entries.size > maxKeptFiles) this.#entries.delete(this.#entries.keys().next().value ?? "");
    return facts;
  }
}

function isUnchanged({ stats: before, readAtMs }: Entry, now: Stats): boolean {
  return (
    before.mtimeMs === now.mtimeMs &&
    before.ctimeMs === now.ctimeMs &&
    before.size === now.size &&
    before.ino === now.ino &&
    before.dev === now.dev &&
    readAtMs - now.ctimeMs > racyMs
  );
}

function factsOf(path: string, stats: Stats, content: Buffer | undefined): FileFacts {
  const byteCount = content?.length ?? stats.size;
  const etag = `"${Math.round(stats.mtimeMs * 1_000).toString(36)}-${byteCount.toString(36)}"`;
  return {
    byteCount,
    content,
    etag,
    modifiedMs: stats.mtimeMs,
    type: contentType(path),
    fields: ["last-modified", httpDate(stats.mtimeMs), "etag", etag],
    made: new Map(),
  };
}

let turn = 0;
let isCounting = false;

/** Which turn of the event loop this is. */
function currentTurn(): number {
  if (!isCounting) {
    isCounting = true;
    setImmediate(() => {
      turn += 1;
      isCounting = false;
    });
  }
  return turn;
}
