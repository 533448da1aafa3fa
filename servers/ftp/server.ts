import { type SecureContext, createSecureContext } from "node:tls";
import { sharedAuthority, sharedLeaf, trustSharedAuthority } from "../../wire/certificate.ts";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import { WireError } from "../../wire/errors.ts";
import type { CloseOptions } from "../../wire/listener.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { commands } from "./commands.ts";
import { startSockets } from "./engines/sockets.ts";
import { FtpEvents, fitsPath } from "./events.ts";
import type { FtpEvent, TransferEvent } from "./events.ts";
import type { FileSystem } from "./file-system.ts";
import { diskFiles } from "./file-systems/disk.ts";
import { memoryFiles } from "./file-systems/memory.ts";
import { quotaFiles } from "./file-systems/quota.ts";
import { folderOf, subfolderOf } from "./folder.ts";
import type { Folder } from "./folder.ts";
import type { FtpHouse } from "./house.ts";
import { isFileSystem, resolveFtpOptions } from "./options.ts";
import type { FtpOptions, ResolvedFtpOptions } from "./options.ts";
import { PassivePorts } from "./passive-ports.ts";
import { authenticateFrom } from "./users.ts";

/** How long to wait for something to happen. */
export interface FtpWaitOptions {
  /** @default 5_000 */
  readonly timeoutMs?: number;
  /** Only what this user did. */
  readonly user?: string;
}

/** An upload that is complete, with what it left. */
export interface Upload extends TransferEvent {
  /** What the file held when the upload was waited for. */
  readonly content: Buffer;
}

/** A running file server. */
export interface FtpServer extends AsyncDisposable {
  /** `ftp://127.0.0.1:2121` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** `ftps://127.0.0.1:2990`, with implicit TLS; `undefined` when there is no such port. */
  readonly ftpsUrl: string | undefined;
  readonly ftpsPort: number | undefined;
  /** Every address it listens on, as URLs. */
  readonly urls: readonly string[];
  /** The certificate that clients must trust, in PEM. */
  readonly ca: string;
  /** What is served, in the hands of the test. */
  readonly files: Folder;
  readonly transcript: Transcript;
  /** Faults: added, listed and taken out while the server runs. */
  readonly rules: Rules;
  /** Control connections now. */
  readonly connections: number;
  /** The home of a user, as files of its own. */
  home(user: string): Folder;
  /** The first complete upload of a fitting path that no earlier call gave: one of the past, or the next. @throws WireError TIMED_OUT */
  waitForUpload(pattern: string, options?: FtpWaitOptions): Promise<Upload>;
  /** The same for a download. */
  waitForDownload(pattern: string, options?: FtpWaitOptions): Promise<TransferEvent>;
  /** The same for a file that is deleted. */
  waitForDelete(pattern: string, options?: FtpWaitOptions): Promise<FtpEvent>;
  /** Every event from now on, until the server closes. */
  events(): AsyncIterableIterator<FtpEvent>;
  /** The events that are kept, oldest first: who did what. */
  log(): FtpEvent[];
  /** Hear of every event, synchronously and in order; the result stops it. */
  watch(listener: (event: FtpEvent) => void): () => void;
  /** Stop accepting, let transfers finish within `graceMs`, then destroy. Twice is the same as once. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Start a file server (RFC 959, FTPS by RFC 4217) that listens when the promise resolves.
 * @throws TypeError when options contradict each other; WireError ADDRESS_IN_USE; FileError when `root` is no folder
 * @example
 * await using ftp = await startFtp({ files: { "in/orders.csv": "id;total\n1;10\n" } });
 * await importOrders(ftp.url);
 * const upload = await ftp.waitForUpload("out/*.xml");
 */
export async function startFtp(options: FtpOptions = {}): Promise<FtpServer> {
  const resolved = resolveFtpOptions(options);
  const rules = new FaultRules({ dialect: "ftp", rules: resolved.rules, seed: resolved.seed });
  const files = fileSystemOf(resolved);
  const folder = folderOf(files);
  if (resolved.files !== undefined && !isFileSystem(resolved.files)) {
    for (const [path, content] of Object.entries(resolved.files)) await folder.write(path, content);
  }
  const recorder = new Recorder("ftp", resolved.maxTranscriptEntries);
  const events = new FtpEvents(resolved.maxEvents);
  const house: FtpHouse = {
    options: resolved,
    files,
    commands,
    events,
    authenticate: resolved.authenticate ?? authenticateFrom(resolved.users ?? [], resolved.allowAnonymous),
    passivePorts: new PassivePorts(resolved.passivePorts),
    secureContext: secureContextOf(resolved),
  };
  const engine =
    resolved.engine === "ftp-srv"
      ? await (await import("./engines/ftp-srv.ts")).startFtpSrv(house)
      : await startSockets(house, recorder, rules);
  const close = async (closing?: CloseOptions): Promise<void> => {
    await engine.close(closing);
    house.passivePorts.close();
    events.close();
    recorder.close();
    // A file system that was handed in belongs to whoever made it.
    if (files !== resolved.files) await files.close?.();
  };
  return {
    url: engine.urls[0] ?? "",
    host: engine.host,
    port: engine.port,
    ftpsUrl: engine.ftpsUrl,
    ftpsPort: engine.ftpsPort,
    urls: engine.urls,
    get ca() {
      return resolved.certificate?.cert ?? sharedAuthority().certificate;
    },
    files: folder,
    transcript: recorder,
    rules,
    get connections() {
      return engine.connections;
    },
    home: (name) => subfolderOf(files, resolved.users?.find((user) => user.name === name)?.home ?? "/"),
    waitForUpload: async (pattern, waiting = {}) => {
      const upload = await waitForTransfer(events, "upload", pattern, waiting);
      return { ...upload, content: await folder.read(upload.path) };
    },
    waitForDownload: (pattern, waiting = {}) => waitForTransfer(events, "download", pattern, waiting),
    waitForDelete: (pattern, { timeoutMs = 5_000, user } = {}) =>
      events.next(
        (event): event is FtpEvent & { type: "delete" } =>
          event.type === "delete" && isBy(event, user) && fitsPath(pattern, event.path),
        timeoutMs,
        (why) => new WireError("TIMED_OUT", `no file ${pattern} was deleted: ${why}`),
      ),
    events: () => events.iterate(),
    log: () => events.list(),
    watch: (listener) => events.watch(listener),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function fileSystemOf({ root, files, quotaBytes, atomicUploads }: ResolvedFtpOptions): FileSystem {
  if (root !== undefined) {
    const disk = diskFiles(root, { isAtomic: atomicUploads });
    return quotaBytes === Infinity ? disk : quotaFiles(disk, quotaBytes);
  }
  return isFileSystem(files) ? files : memoryFiles({ quotaBytes });
}

/** Made when TLS is first spoken, and once: control and data connections share its session tickets. */
function secureContextOf(options: ResolvedFtpOptions): () => SecureContext {
  const { certificate, minTlsVersion, isTrustedInProcess } = options;
  let context: SecureContext | undefined;
  return () => {
    if (context) return context;
    if (!certificate && isTrustedInProcess) trustSharedAuthority();
    const { cert, key } = certificate ?? sharedLeaf();
    // OpenSSL refuses TLS 1.0 and 1.1 at its usual security level, whatever the version bounds say.
    const isOld = minTlsVersion === "TLSv1" || minTlsVersion === "TLSv1.1";
    const ciphers = isOld ? { ciphers: "DEFAULT@SECLEVEL=0" } : {};
    context = createSecureContext({
      cert,
      key,
      minVersion: minTlsVersion,
      sessionIdContext: "portside",
      ...ciphers,
    });
    return context;
  };
}

function isBy(event: FtpEvent, user: string | undefined): boolean {
  return user === undefined || event.user === user;
}

async function waitForTransfer(
  events: FtpEvents,
  type: TransferEvent["type"],
  pattern: string,
  { timeoutMs = 5_000, user }: FtpWaitOptions,
): Promise<TransferEvent> {
  return await events.next(
    (event): event is TransferEvent =>
      event.type === type && event.state === "finished" && isBy(event, user) && fitsPath(pattern, event.path),
    timeoutMs,
    (why) =>
      new WireError("TIMED_OUT", `no ${type} of ${pattern}: ${why}; there were: ${seen(events, type)}`),
  );
}

/** What there was instead. */
function seen(events: FtpEvents, type: TransferEvent["type"]): string {
  const names = events
    .list()
    .flatMap((event) => (event.type === type && "state" in event ? [`${event.path} (${event.state})`] : []));
  return names.length === 0 ? "none" : names.slice(-10).join(", ");
}
