import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { encodeCommand } from "../../wire/resp.ts";
import type { Engine } from "./engine.ts";
import {
  baseName,
  folderName,
  incrementName,
  type Manifest,
  readManifest,
  sequenceOf,
  syncFolder,
  writeManifest,
} from "./manifest.ts";
import type { Fsync, TornTail } from "./options.ts";
import { replay } from "./recovery.ts";
import { Snapshot } from "./snapshot.ts";

/** How much of a snapshot is written at a time; the store serves others in between. */
const snapshotChunk = 262_144;

/**
 * The append-only file: every change, as the command that makes it again.
 *
 * A change is collected, and given to the system when the turn of the event loop ends (under `always` before any reply
 * to it leaves, and then it is on the disk). A rewrite begins a new file for what changes from now on, and writes beside
 * it everything as it is now; when that is whole and has its name, the manifest names the two and no other.
 */
export class Journal {
  fsync: Fsync;
  lastWriteError: Error | undefined;
  lastRewriteError: Error | undefined;
  readonly #engine: Engine;
  readonly #folder: string;
  #manifest: Manifest;
  #fd: number;
  #pending = "";
  #selected = -1;
  #isScheduled = false;
  /** Commands of a transaction under way. */
  #batch: string[] | undefined;
  #isUnsynced = false;
  #isSyncing = false;
  #rewriting: Promise<void> | undefined;
  /** Of all files. */
  #bytes: number;
  #bytesAfterRewrite: number;
  readonly #timer: NodeJS.Timeout;

  /**
   * Read what is there into the store, and write down there what changes from now on.
   * @returns what was cut off the end
   * @throws WireError PROTOCOL_VIOLATION for files that cannot be read
   */
  static open(engine: Engine, within: string): TornTail | undefined {
    const folder = join(within, folderName);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (name.startsWith("temp-")) rmSync(join(folder, name));
    const manifest = readManifest(folder);
    const files = [...(manifest.base === undefined ? [] : [manifest.base]), ...manifest.increments];
    const client = engine.connect();
    client.canBlock = false;
    client.isAuthenticated = true;
    engine.isLoading = true;
    let torn: TornTail | undefined;
    for (const [index, file] of files.entries())
      torn = replay(engine, client, join(folder, file), index === files.length - 1);
    engine.isLoading = false;
    engine.disconnect(client);
    engine.journal = new Journal(engine, folder, manifest);
    return torn;
  }

  private constructor(engine: Engine, folder: string, manifest: Manifest) {
    this.#engine = engine;
    this.#folder = folder;
    this.fsync = engine.options.fsync;
    const current = manifest.increments.at(-1);
    this.#manifest =
      current === undefined
        ? { ...manifest, increments: [incrementName(sequenceOf(manifest.base) + 1)] }
        : manifest;
    this.#fd = openSync(join(folder, this.#manifest.increments.at(-1)!), "a");
    if (current === undefined) writeManifest(folder, this.#manifest);
    this.#bytes = this.#bytesAfterRewrite = this.#measure();
    this.#timer = setInterval(() => this.#everySecond(), 1_000).unref();
  }

  get isRewriting(): boolean {
    return this.#rewriting !== undefined;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(db: number, words: readonly string[]): void {
    let text = encodeCommand(words);
    if (db !== this.#selected) {
      text = encodeCommand(["SELECT", String(db)]) + text;
      this.#selected = db;
    }
    if (this.#batch) this.#batch.push(text);
    else this.#collect(text);
  }

  /** What follows is done as a whole or not at all. */
  begin(): void {
    this.#batch = [];
  }

  commit(): void {
    const batch = this.#batch ?? [];
    this.#batch = undefined;
    if (batch.length > 0) this.#collect(encodeCommand(["MULTI"]) + batch.join("") + encodeCommand(["EXEC"]));
  }

  /** Replies leave after this. */
  settle(): void {
    if (this.fsync === "always" && this.#pending !== "") this.#flush();
  }

  /** Write everything anew, as short as it can be, while the store goes on. Errors are told by INFO. */
  async rewrite(): Promise<void> {
    this.#rewriting ??= this.#rewrite()
      .then(
        () => (this.lastRewriteError = undefined),
        (error: Error) => (this.lastRewriteError = error),
      )
      .then(() => (this.#rewriting = undefined));
    await this.#rewriting;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#rewriting;
    this.#flush();
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
    this.#engine.journal = undefined;
  }

  #collect(text: string): void {
    this.#pending += text;
    this.#bytes += text.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#pending !== "") this.#flush();
    });
  }

  /** Give what was collected to the system; under `always` also to the disk. What cannot be written is kept. */
  #flush(): void {
    try {
      while (this.#pending !== "") {
        const bytes = Buffer.from(this.#pending, "latin1");
        this.#pending = this.#pending.slice(writeSync(this.#fd, bytes));
      }
      this.#isUnsynced = true;
      if (this.fsync === "always") {
        fdatasyncSync(this.#fd);
        this.#isUnsynced = false;
      }
      this.lastWriteError = undefined;
    } catch (error) {
      this.lastWriteError = error as Error;
    }
  }

  #everySecond(): void {
    if (this.#pending !== "") this.#flush();
    if (this.fsync === "everysec" && this.#isUnsynced && !this.#isSyncing) {
      this.#isSyncing = true;
      this.#isUnsynced = false;
      fdatasync(this.#fd, (error) => {
        this.#isSyncing = false;
        // A rewrite may have closed the file meanwhile; it was on the disk before.
        if (error && error.code !== "EBADF") this.lastWriteError = error;
      });
    }
    const { rewriteFactor, minRewriteBytes } = this.#engine.options;
    const limit = Math.max(this.#bytesAfterRewrite * rewriteFactor, minRewriteBytes);
    if (rewriteFactor > 0 && this.#bytes > limit) void this.rewrite();
  }

  async #rewrite(): Promise<void> {
    const before = this.#manifest;
    const sequence = sequenceOf(before.increments.at(-1)) + 1;
    this.#beginIncrement(incrementName(sequence));
    const snapshot = new Snapshot(this.#engine.databases);
    const temporary = join(this.#folder, `temp-${baseName(sequence)}`);
    try {
      await using file = await open(temporary, "w");
      for (const text of snapshot.commands(snapshotChunk)) await file.write(Buffer.from(text, "latin1"));
      await file.datasync();
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      snapshot.release();
    }
    renameSync(temporary, join(this.#folder, baseName(sequence)));
    syncFolder(this.#folder);
    this.#manifest = { base: baseName(sequence), increments: this.#manifest.increments.slice(-1) };
    writeManifest(this.#folder, this.#manifest);
    for (const file of [before.base, ...before.increments])
      if (file !== undefined) rmSync(join(this.#folder, file), { force: true });
    this.#bytes = this.#bytesAfterRewrite = this.#measure();
  }

  #beginIncrement(name: string): void {
    this.#flush();
    if (this.lastWriteError) throw this.lastWriteError;
    const fd = openSync(join(this.#folder, name), "a");
    this.#manifest = { ...this.#manifest, increments: [...this.#manifest.increments, name] };
    writeManifest(this.#folder, this.#manifest);
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#selected = -1;
  }

  #measure(): number {
    let bytes = this.#pending.length;
    for (const name of [this.#manifest.base, ...this.#manifest.increments])
      if (name !== undefined) bytes += statSync(join(this.#folder, name)).size;
    return bytes;
  }
}
