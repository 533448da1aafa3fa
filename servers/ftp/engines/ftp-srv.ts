/**
 * The same file system on the library ftp-srv, for those who must have its behaviour. It is an optional peer, loaded when
 * it is asked for. What it cannot do is in servers/ftp/README.md and in the tests of this engine.
 */
import { Readable, Writable } from "node:stream";
import type * as library from "ftp-srv";
import { WireError } from "../../../wire/errors.ts";
import type { Engine } from "../engine.ts";
import { FileError, toFileError } from "../file-system.ts";
import type { FileEntry, FileSystem } from "../file-system.ts";
import { subfolder } from "../file-systems/subfolder.ts";
import type { FtpHouse } from "../house.ts";
import { joinPath, resolvePath } from "../paths.ts";
import type { User } from "../users.ts";
import { isAllowed } from "../users.ts";

const signals = ["SIGTERM", "SIGINT", "SIGQUIT"] as const;

/**
 * Start ftp-srv over the house's file system.
 * @throws WireError PEER_MISSING when it is not installed, ADDRESS_IN_USE
 */
export async function startFtpSrv(house: FtpHouse): Promise<Engine> {
  const { FtpSrv } = await load();
  const { host, port, greeting, passivePorts, certificate } = house.options;
  const handlers = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
  const server = new FtpSrv({
    url: `ftp://${host}:${port}`,
    pasv_url: host,
    pasv_min: passivePorts?.from ?? 1024,
    pasv_max: passivePorts?.to ?? 65_535,
    greeting,
    log: silent,
    ...(certificate && { tls: { cert: certificate.cert, key: certificate.key } }),
  });
  // It ends the process on these signals, which is not a library's to decide.
  for (const [signal, before] of handlers) {
    for (const handler of process.listeners(signal)) if (!before.has(handler)) process.off(signal, handler);
  }
  const sessions = new Map<library.FtpConnection, number>();
  let connected = 0;
  server.on("login", ({ connection, username, password }, resolve, reject) => {
    sessions.set(connection, ++connected);
    const enter = async (): Promise<void> => {
      const user = await house.authenticate(username, password);
      house.events.tell({
        type: "login",
        isAccepted: user !== undefined,
        session: connected,
        user: username,
      });
      if (!user) throw new Error("Login incorrect.");
      // The library's type asks for a class of its own; what it calls are these methods.
      resolve({ fs: new LibraryFiles(house, user, connected) as never });
    };
    enter().catch(reject);
  });
  server.on("disconnect", ({ connection }) => {
    const session = sessions.get(connection);
    sessions.delete(connection);
    if (session !== undefined) house.events.tell({ type: "disconnect", how: "ended", session, user: "" });
  });
  try {
    await server.listen();
  } catch (cause) {
    throw new WireError("ADDRESS_IN_USE", `${host}:${port} is taken by another process`, { cause });
  }
  const { server: listener } = server as unknown as { server: { address(): { port: number } } };
  const url = `ftp://${host}:${listener.address().port}`;
  return {
    urls: [url],
    host,
    port: listener.address().port,
    ftpsUrl: undefined,
    ftpsPort: undefined,
    get connections() {
      return sessions.size;
    },
    close: async () => {
      await server.close();
    },
  };
}

type Library = Pick<typeof library, "FtpSrv">;

async function load(): Promise<Library> {
  try {
    const loaded: Library & { readonly default?: Library } = await import("ftp-srv");
    // A CommonJS module: its exports are in `default`.
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new WireError("PEER_MISSING", 'engine "ftp-srv" needs the package: npm install -D ftp-srv', {
      cause,
    });
  }
}

const nothing = (): void => {};
const silent = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silent,
};

/** What the library calls: the methods of its own FileSystem class, over ours. */
class LibraryFiles {
  readonly #house: FtpHouse;
  readonly #files: FileSystem;
  readonly #user: User;
  readonly #home: string;
  readonly #session: number;
  #folder = "/";

  constructor(house: FtpHouse, user: User, session: number) {
    this.#house = house;
    this.#user = user;
    this.#session = session;
    this.#home = resolvePath("/", user.home ?? "/");
    this.#files = subfolder(house.files, this.#home);
  }

  currentDirectory(): string {
    return this.#folder;
  }

  async get(name: string): Promise<LibraryStats> {
    const path = this.#path(name, "read");
    return libraryStats(await this.#files.stat(path), name);
  }

  async list(name = "."): Promise<LibraryStats[]> {
    const entries: LibraryStats[] = [];
    for await (const entry of await this.#files.list(this.#path(name, "read"))) {
      entries.push(libraryStats(entry, entry.name));
    }
    return entries;
  }

  async chdir(name = "."): Promise<string> {
    const path = this.#path(name, "read");
    const entry = await this.#files.stat(path);
    if (entry.type !== "folder") throw new FileError("ENOTDIR", path);
    this.#folder = path;
    return path;
  }

  async write(
    name: string,
    { append = false, start }: { append?: boolean; start?: number } = {},
  ): Promise<{ stream: Writable; clientPath: string }> {
    const path = this.#path(name, "write");
    const writer = await (append
      ? this.#files.append(path)
      : this.#files.write(path, start === undefined ? {} : { start }));
    const tell = this.#transfer("upload", path, start ?? 0);
    let bytes = 0;
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        settle(async () => writer.write(chunk), done);
      },
      final: (done) => {
        settle(async () => {
          await writer.finish();
          tell("finished", bytes);
        }, done);
      },
      destroy: (error, done) => {
        if (stream.writableFinished) done(error);
        else {
          settle(
            async () => {
              await writer.abort();
              tell("aborted", bytes);
            },
            () => done(error),
          );
        }
      },
    });
    return { stream, clientPath: path };
  }

  async read(
    name: string,
    { start = 0 }: { start?: number } = {},
  ): Promise<{ stream: Readable; clientPath: string }> {
    const path = this.#path(name, "read");
    const reader = await this.#files.read(path, { start });
    const tell = this.#transfer("download", path, start);
    async function* bytes(): AsyncIterable<Uint8Array> {
      let count = 0;
      let isWhole = false;
      try {
        for (let part = await reader.next(); part; part = await reader.next()) {
          count += part.length;
          // The library keeps chunks for a while, and ours are used again.
          yield Buffer.from(part);
        }
        isWhole = true;
      } finally {
        await reader.close();
        tell(isWhole ? "finished" : "aborted", count);
      }
    }
    return { stream: Readable.from(bytes(), { objectMode: false }), clientPath: path };
  }

  async delete(name: string): Promise<void> {
    const path = this.#path(name, "write");
    const isFolder = (await this.#files.stat(path)).type === "folder";
    await this.#files.remove(path, isFolder ? "folder" : "file");
    this.#tell({ type: isFolder ? "remove-directory" : "delete", path: this.#full(path) });
  }

  async mkdir(name: string): Promise<string> {
    const path = this.#path(name, "write");
    await this.#files.makeDirectory(path);
    this.#tell({ type: "make-directory", path: this.#full(path) });
    return path;
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [this.#path(from, "write"), this.#path(to, "write")];
    await this.#files.rename(source, target);
    this.#tell({ type: "rename", from: this.#full(source), path: this.#full(target) });
  }

  async chmod(name: string, mode: string): Promise<void> {
    await this.#files.setMode?.(this.#path(name, "write"), Number.parseInt(mode, 8));
  }

  getUniqueName(): string {
    return `file-${this.#session}-${performance.now().toString(36).replace(".", "")}`;
  }

  #path(name: string, deed: "read" | "write"): string {
    const path = resolvePath(this.#folder, name);
    if (!isAllowed(this.#user, deed, path)) throw new FileError("EACCES", path);
    return path;
  }

  #full(path: string): string {
    return path === "/" ? this.#home : joinPath(this.#home, path.slice(1));
  }

  #tell(occurrence: OccurrenceOfFiles): void {
    this.#house.events.tell({ ...occurrence, session: this.#session, user: this.#user.name });
  }

  #transfer(
    type: "upload" | "download",
    path: string,
    startAt: number,
  ): (state: "finished" | "aborted", bytes: number) => void {
    const startedMs = performance.now();
    const about = { type, path: this.#full(path), startAt };
    this.#tell({ ...about, state: "started", bytes: 0, durationMs: 0 });
    return (state, bytes) =>
      this.#tell({ ...about, state, bytes, durationMs: performance.now() - startedMs });
  }
}

type WithoutSession<Event> = Event extends unknown ? Omit<Event, "session" | "user"> : never;
type OccurrenceOfFiles = WithoutSession<Parameters<FtpHouse["events"]["tell"]>[0]>;

/** The part of fs.Stats that the library reads. */
interface LibraryStats {
  readonly name: string;
  readonly size: number;
  readonly mtime: Date;
  readonly mode: number;
  isDirectory(): boolean;
}

function libraryStats({ type, size, modifiedMs, mode }: FileEntry, name: string): LibraryStats {
  return { name, size, mtime: new Date(modifiedMs), mode, isDirectory: () => type === "folder" };
}

/** Run it, and tell a stream how it went. */
function settle(action: () => Promise<void>, done: (error?: Error | null) => void): void {
  const run = async (): Promise<void> => {
    let failure: Error | null = null;
    try {
      await action();
    } catch (error) {
      failure = toFileError(error, "");
    }
    done(failure);
  };
  void run();
}
