import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Client, FileType, type FileInfo } from "basic-ftp";
import { ftpAddress } from "./address.ts";
import type {
  FtpConnection,
  RemoteEntry,
  TransferOptions,
  TransferProgress,
  TransferResult,
} from "./options.ts";
import { transferError } from "./transfer-error.ts";
import { localTree, remoteTree } from "./trees.ts";
import type { Tree, TreeFile } from "./trees.ts";

/** A connection to a file server. */
export interface FtpClient extends AsyncDisposable {
  /** What a folder holds, in the server's order. */
  list(path?: string): Promise<RemoteEntry[]>;
  /** Send files, and folders with everything in them, into a folder of the server; it is made when it is missing. */
  upload(paths: readonly string[], folder?: string, options?: TransferOptions): Promise<TransferResult>;
  /** Fetch files, and folders with everything in them, into a local folder; it is made when it is missing. */
  download(paths: readonly string[], folder?: string, options?: TransferOptions): Promise<TransferResult>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connect to a file server and log in. Paths are seen from the folder that the URL names.
 * @throws WireError CONNECT_FAILED, TLS_FAILED, TIMED_OUT; REPLY_UNEXPECTED when the login is refused
 * @example
 * await using client = await connectFtp({ server: ftp.url });
 * await client.upload(["report.csv", "pictures"], "in");
 */
export async function connectFtp(options: FtpConnection = {}): Promise<FtpClient> {
  const { access, folder, name, timeoutMs } = ftpAddress(options);
  const client = new Client(timeoutMs);
  const attempt = async <Result>(doing: string, action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action();
    } catch (error) {
      throw transferError(error, name, doing);
    }
  };
  try {
    await attempt("login", () => client.access(access));
    if (folder !== "" && folder !== "/") await attempt(`CWD ${folder}`, () => client.cd(folder.slice(1)));
  } catch (error) {
    client.close();
    throw error;
  }
  const close = async (): Promise<void> => client.close();
  return {
    list: (path = "") =>
      attempt(`the list of ${path || "the folder"}`, async () => (await client.list(path)).map(remoteEntry)),
    upload: async (paths, target = "", transfer = {}) => {
      const trees = await Promise.all(paths.map(localTree));
      return await attempt("an upload", () => uploadTrees(client, trees, target, transfer));
    },
    download: (paths, target = ".", transfer = {}) =>
      attempt("a download", async () => {
        const trees: Tree[] = [];
        for (const path of paths) trees.push(await remoteTree(client, path));
        return await downloadTrees(client, trees, target, transfer);
      }),
    remove: (path) => attempt(`DELE ${path}`, async () => void (await client.remove(path))),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function remoteEntry({ name, type, size, modifiedAt }: FileInfo): RemoteEntry {
  const types = {
    [FileType.Directory]: "folder",
    [FileType.File]: "file",
    [FileType.SymbolicLink]: "link",
    [FileType.Unknown]: "other",
  } as const;
  return { name, type: types[type], size, modifiedMs: modifiedAt?.getTime() };
}

async function uploadTrees(
  client: Client,
  trees: readonly Tree[],
  target: string,
  options: TransferOptions,
): Promise<TransferResult> {
  const at = (path: string): string => (target === "" ? path : `${target.replace(/\/+$/, "")}/${path}`);
  const start = await client.pwd();
  const folders = [...(target === "" ? [] : [target]), ...trees.flatMap((tree) => tree.folders.map(at))];
  for (const folder of folders) {
    // ensureDir stays in the folder that it makes.
    await client.ensureDir(folder);
    await client.cd(start);
  }
  return await eachFile(client, trees, options, async (file) => {
    const to = at(file.to);
    const there = options.resume === true ? await remoteSize(client, to) : 0;
    if (there > 0 && there === file.size) return undefined;
    const isResumed = there > 0 && there < file.size;
    return {
      to,
      startAt: isResumed ? there : 0,
      move: async () => {
        if (isResumed) await client.appendFrom(file.from, to, { localStart: there });
        else await client.uploadFrom(file.from, to);
      },
    };
  });
}

async function downloadTrees(
  client: Client,
  trees: readonly Tree[],
  target: string,
  options: TransferOptions,
): Promise<TransferResult> {
  await mkdir(target, { recursive: true });
  for (const folder of trees.flatMap((tree) => tree.folders))
    await mkdir(join(target, folder), { recursive: true });
  return await eachFile(client, trees, options, async (file) => {
    const to = join(target, file.to);
    await mkdir(dirname(to), { recursive: true });
    const there = options.resume === true ? await localSize(to) : 0;
    if (there > 0 && there === file.size) return undefined;
    const startAt = there < file.size ? there : 0;
    return { to, startAt, move: async () => void (await client.downloadTo(to, file.from, startAt)) };
  });
}

/** One file's transfer; nothing when there is nothing to do. */
interface Step {
  readonly to: string;
  readonly startAt: number;
  readonly move: () => Promise<void>;
}

async function eachFile(
  client: Client,
  trees: readonly Tree[],
  { onProgress }: TransferOptions,
  plan: (file: TreeFile) => Promise<Step | undefined>,
): Promise<TransferResult> {
  const startedMs = performance.now();
  const all = trees.flatMap((tree) => tree.files);
  const totalBytes = all.reduce((sum, file) => sum + file.size, 0);
  const files: string[] = [];
  let skipped = 0;
  let wireBytes = 0;
  let doneBytes = 0;
  for (const file of all) {
    const step = await plan(file);
    const tell = (fileBytes: number, isDone = false): void => {
      const progress: TransferProgress = {
        file: file.from,
        fileBytes,
        fileTotalBytes: file.size,
        bytes: doneBytes + fileBytes,
        totalBytes,
        files: files.length + skipped + (isDone ? 1 : 0),
        totalFiles: all.length,
      };
      onProgress?.(progress);
    };
    if (step === undefined) {
      tell(file.size, true);
      skipped += 1;
    } else {
      if (onProgress) client.trackProgress(({ bytes }) => tell(step.startAt + bytes));
      await step.move();
      client.trackProgress();
      tell(file.size, true);
      files.push(step.to);
      wireBytes += file.size - step.startAt;
    }
    doneBytes += file.size;
  }
  return { files, bytes: wireBytes, skipped, tookMs: performance.now() - startedMs };
}

async function remoteSize(client: Client, path: string): Promise<number> {
  try {
    return await client.size(path);
  } catch {
    return 0;
  }
}

async function localSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
