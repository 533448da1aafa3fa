import { timingSafeEqual, createHash } from "node:crypto";
import { Channels } from "./channels.ts";
import { Client, type ClientLine } from "./client.ts";
import { Clock } from "../../wire/clock.ts";
import type { Answer, Command } from "./command.ts";
import { commandNamed, commands } from "./command-book.ts";
import { Cursors } from "./cursors.ts";
import { Database, type Keeper } from "./database.ts";
import type { Journal } from "./journal.ts";
import { MemoryLimit } from "./memory-limit.ts";
import type { ResolvedStoreOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { error, queued } from "./reply.ts";
import { Sweep } from "./sweep.ts";
import { Waiters } from "./waiters.ts";

/** The server ends a connection without a word. */
export const silence = "";

/** Keys of one database that are looked at in one go. */
const keysPerSweep = 1_000;

/** Commands that a subscribed client of RESP2 may still give. */
const forSubscribers = new Set([
  "subscribe",
  "unsubscribe",
  "psubscribe",
  "punsubscribe",
  "ping",
  "quit",
  "reset",
]);

/** The store itself, without sockets: commands in, replies out, changes to the journal. */
export class Engine implements Keeper {
  readonly options: ResolvedStoreOptions;
  readonly commands = commands;
  readonly commandNamed = commandNamed;
  readonly startedMs = Date.now();
  readonly clock = new Clock();
  readonly databases: readonly Database[];
  readonly channels = new Channels();
  readonly waiters = new Waiters();
  readonly cursors = new Cursors();
  readonly memory: MemoryLimit;
  readonly clients = new Map<number, Client>();
  readonly watchers = new Map<Database, Map<string, Set<Client>>>();
  journal: Journal | undefined;
  isLoading = false;
  /** Counts every change of a key. */
  changes = 0;
  commandsRun = 0;
  connectionsSeen = 0;
  keysExpired = 0;
  readonly #sweeps: readonly Sweep[];
  #lastClient = 0;
  /** What goes into the journal in the place of the command under way. */
  #instead: string[][] | undefined;

  constructor(options: ResolvedStoreOptions) {
    this.options = options;
    this.databases = Array.from({ length: options.databases }, (_, index) => new Database(index, this));
    this.#sweeps = this.databases.map((db) => new Sweep(db));
    this.memory = new MemoryLimit(this.databases, options.maxMemoryBytes, options.evictionPolicy);
  }

  get needsPassword(): boolean {
    return this.options.password !== undefined;
  }

  /** Whether a name and password are right; how long that takes says nothing about how wrong they are. */
  admits(user: string, password: string): boolean {
    const hash = (text: string): Buffer => createHash("sha256").update(text, "latin1").digest();
    const expected = Buffer.from(this.options.password ?? "").toString("latin1");
    const isRight = timingSafeEqual(hash(password), hash(expected));
    return user === "default" && (isRight || !this.needsPassword);
  }

  connect(line?: ClientLine): Client {
    const client = new Client(this, ++this.#lastClient, line);
    this.clients.set(client.id, client);
    this.connectionsSeen++;
    return client;
  }

  disconnect(client: Client): void {
    client.unblock?.();
    this.clients.delete(client.id);
    this.channels.forget(client);
    this.unwatch(client);
  }

  /** Do what a client says. */
  call(client: Client, words: readonly string[]): Answer {
    const command = commandNamed(words[0]!);
    if (command === undefined) return this.#refuseUnknown(client, words);
    const { arity } = command;
    if (arity > 0 ? words.length !== arity : words.length < -arity) {
      if (client.transaction) client.transaction.isBroken = true;
      return error(`ERR wrong number of arguments for '${command.name}' command`);
    }
    client.lastCommand = command.name;
    if (!client.isPlain) {
      const answer = this.#withCare(client, command, words);
      if (answer !== undefined) return answer;
    }
    return this.run(client, command, words);
  }

  /** Run a command that may be run; what it changes is journalled, and those who waited for it are served. */
  run(client: Client, command: Command, words: readonly string[]): Answer {
    if (this.isCounting && !this.isLoading && command.flags.includes("denyoom") && !this.makeRoom())
      return error("OOM command not allowed when used memory > 'maxmemory'.");
    if (this.journal?.lastWriteError && command.flags.includes("write"))
      return error(`MISCONF Errors writing to the AOF file: ${this.journal.lastWriteError.message}`);
    const before = this.changes;
    this.commandsRun++;
    this.#instead = undefined;
    let answer: Answer;
    try {
      answer = command.run(words, client);
    } catch (refusal) {
      answer = refusalReply(refusal);
    }
    if (this.changes !== before) {
      if (this.journal !== undefined) this.#write(client.db, words);
      if (this.waiters.size > 0) this.waiters.serveReady();
    }
    return answer;
  }

  /** Do something outside of a command's turn that changes keys: `words` is what it comes to. */
  perform<Result>(db: Database, act: () => Result): Result {
    const before = this.changes;
    const outer = this.#instead;
    this.#instead = [];
    const result = act();
    if (this.changes !== before) this.#write(db, []);
    this.#instead = outer;
    return result;
  }

  /** Have this in the journal in the place of the command under way, which would not do the same a second time. */
  instead(...words: string[]): void {
    (this.#instead ??= []).push(words);
  }

  /** Have nothing of the command under way in the journal: what it did is there already. */
  insteadNothing(): void {
    this.#instead = [];
  }

  /** Remove keys until there is room. @returns whether there is */
  makeRoom(): boolean {
    return this.memory.makeRoom((db, key) => {
      db.remove(key);
      this.journal?.append(db.index, ["DEL", key]);
    });
  }

  get isCounting(): boolean {
    return this.memory.isOn;
  }

  changed(db: Database, key: string): void {
    this.changes++;
    if (this.watchers.size > 0)
      for (const client of this.watchers.get(db)?.get(key) ?? []) client.isWatchBroken = true;
    if (this.waiters.size > 0) this.waiters.changed(db, key);
    if (this.memory.isOn) this.memory.changed(db, key);
  }

  expired(db: Database, key: string): void {
    this.changed(db, key);
    this.changes--;
    this.keysExpired++;
    this.journal?.append(db.index, ["DEL", key]);
  }

  used(db: Database, key: string): void {
    this.memory.used(db, key);
  }

  unwatch(client: Client): void {
    for (const [db, keys] of client.watched) {
      const watched = this.watchers.get(db);
      for (const key of keys) {
        const clients = watched?.get(key);
        clients?.delete(client);
        if (clients?.size === 0) watched?.delete(key);
      }
      if (watched?.size === 0) this.watchers.delete(db);
    }
    client.watched.clear();
    client.isWatchBroken = false;
  }

  /** Look at some of the keys that end, the next ones each time, and remove those whose time has come. */
  expireSome(): void {
    for (const sweep of this.#sweeps) sweep.look(keysPerSweep);
  }

  /** Remove every key whose time has come. */
  expireAll(): void {
    for (const db of this.databases) for (const key of db.expiries.keys()) db.expireIfDue(key);
  }

  #write(db: Database, words: readonly string[]): void {
    for (const line of this.#instead ?? [words]) this.journal?.append(db.index, line);
  }

  #withCare(client: Client, command: Command, words: readonly string[]): Answer | undefined {
    const { name, flags } = command;
    if (!client.isAuthenticated && !flags.includes("no_auth"))
      return error("NOAUTH Authentication required.");
    if (client.isSubscribed && client.version === 2 && !forSubscribers.has(name)) {
      return error(
        `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      );
    }
    if (!client.transaction || flags.includes("no_multi")) return undefined;
    if (flags.includes("not_in_multi")) {
      client.transaction.isBroken = true;
      return error(`ERR ${name.toUpperCase()} is not allowed in transactions`);
    }
    client.transaction.commands.push({ command, words });
    return queued;
  }

  #refuseUnknown(client: Client, words: readonly string[]): string {
    const name = words[0]!;
    // A web page can have a browser send this to a local port; what follows are headers and a body.
    if (/^(?:post|host:)$/i.test(name)) {
      client.isLeaving = true;
      return silence;
    }
    if (!client.isAuthenticated) return error("NOAUTH Authentication required.");
    if (client.transaction) client.transaction.isBroken = true;
    const args = words.slice(1, 21).map((word) => `'${word.slice(0, 128)}' `);
    return error(
      `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${args.join("").slice(0, 128)}`,
    );
  }
}

/** The error reply for a refusal. Anything else is a fault of ours, and thrown again. */
export function refusalReply(refusal: unknown): string {
  if (refusal instanceof Refusal) return error(refusal.message);
  throw refusal;
}
