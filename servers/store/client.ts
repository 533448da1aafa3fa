import type { Command } from "./command.ts";
import type { Database } from "./database.ts";
import type { Engine } from "./engine.ts";
import type { Version } from "./reply.ts";

/** How a client is reached. */
export interface ClientLine {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  /** Send something that is no reply to a command. */
  push(text: string): void;
  /** End the connection at once. */
  destroy(): void;
}

/** Commands that wait for EXEC. */
export interface Transaction {
  readonly commands: { readonly command: Command; readonly words: readonly string[] }[];
  /** One of them was refused, so EXEC is refused too. */
  isBroken: boolean;
}

/** Somebody who gives commands: a connection, the bus of this process, or the file while it is read. */
export class Client {
  readonly id: number;
  readonly engine: Engine;
  readonly line: ClientLine | undefined;
  readonly createdMs = Date.now();
  db: Database;
  version: Version = 2;
  isAuthenticated: boolean;
  name = "";
  libraryName = "";
  libraryVersion = "";
  lastCommand = "";
  transaction: Transaction | undefined;
  readonly watched = new Map<Database, Set<string>>();
  /** A watched key has changed. */
  isWatchBroken = false;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  /** Whether a command may wait: not within EXEC, not without somebody who waits. */
  canBlock = true;
  /** Gives up what it waits for; the reply is an error, or what a time-out gives. */
  unblock: ((reply?: string) => void) | undefined;
  /** The connection ends after this reply. */
  isLeaving = false;
  replies: "on" | "off" | "skip" | "skip next" = "on";

  constructor(engine: Engine, id: number, line?: ClientLine) {
    this.engine = engine;
    this.id = id;
    this.line = line;
    this.db = engine.databases[0]!;
    this.isAuthenticated = !engine.needsPassword;
  }

  get isSubscribed(): boolean {
    return this.channels.size + this.patterns.size > 0;
  }

  /** Nothing about the connection asks for a closer look at a command. */
  get isPlain(): boolean {
    return (
      this.isAuthenticated &&
      this.transaction === undefined &&
      this.channels.size === 0 &&
      this.patterns.size === 0
    );
  }
}
