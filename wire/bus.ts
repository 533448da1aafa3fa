/**
 * What the processes of a service say to one another: the least that a chat, a game or an inbox needs to run on many
 * machines. In one process it is the store of `servers/store`, without a socket; on many it is Redis, Valkey or our own
 * store, through `clients/store`. Whoever starts a server hands it in.
 *
 * A channel is heard by those who listen at that moment. A stream keeps what was appended: history, resuming and
 * waiting are one thing there, and the ids are the sequence numbers.
 */
export interface Bus extends AsyncDisposable {
  /** Say something to those who listen now. @returns how many heard it */
  publish(channel: string, message: string): Promise<number>;
  /** Listen to a channel. @returns what ends it; resolved when nothing more can be missed */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  /** Add to a stream. @returns the id, larger than all before */
  append(stream: string, message: string, options?: AppendOptions): Promise<string>;
  /** What a stream holds, oldest first. */
  range(stream: string, options?: RangeOptions): Promise<BusEntry[]>;
  /**
   * What came after an id, in the streams asked for; when there is nothing, what comes first, or nothing after
   * `timeoutMs`.
   * @param after streams and the ids that were seen last; `0` for none, `$` for what comes from now on
   */
  read(after: Readonly<Record<string, string>>, options?: ReadOptions): Promise<BusArrival[]>;
  get(key: string): Promise<string | undefined>;
  /** @returns whether it was set; it is not when `isNew` was asked for and it is there already */
  set(key: string, value: string, options?: SetOptions): Promise<boolean>;
  /**
   * From now on a key, or a stream, is gone after this; asked again, the time begins anew.
   * @returns whether that is so: it is there, and with `isExtension` its time is longer now
   */
  expire(key: string, ttlMs: number, options?: ExpireOptions): Promise<boolean>;
  /** @returns whether it was there */
  remove(key: string): Promise<boolean>;
  close(): Promise<void>;
}

/** One entry of a stream. */
export interface BusEntry {
  readonly id: string;
  readonly message: string;
}

/** An entry, and the stream that it came in. */
export interface BusArrival extends BusEntry {
  readonly stream: string;
}

export interface AppendOptions {
  /** The oldest entries go when there are more. @default Infinity */
  readonly maxEntries?: number;
}

export interface RangeOptions {
  /** Only what came after this id. @default all */
  readonly after?: string;
  /** Only what came before this id. @default all */
  readonly before?: string;
  /** Only so many; the newest when `after` is not given, otherwise the oldest. @default Infinity */
  readonly count?: number;
}

export interface ReadOptions {
  /** How long to wait. @default 0: for ever */
  readonly timeoutMs?: number;
  /** At most so many of each stream. @default Infinity */
  readonly count?: number;
  /** Gives up, with nothing. */
  readonly signal?: AbortSignal;
}

export interface ExpireOptions {
  /** Only when it would be gone before that; never for what has no time. @default false */
  readonly isExtension?: boolean;
}

export interface SetOptions {
  /** The key is gone after this. @default never, also when it had a time before */
  readonly ttlMs?: number;
  /** Only when it is not there yet: who sets it first has it. @default false */
  readonly isNew?: boolean;
}
