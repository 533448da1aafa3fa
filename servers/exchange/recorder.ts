import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { KeyedCertificate } from "../../wire/certificate.ts";
import { sharedAuthority } from "../../wire/certificate.ts";
import { print } from "../../wire/exchange/print.ts";
import { Recording } from "../../wire/exchange/recording.ts";
import { parseTarget } from "../../wire/exchange/target.ts";
import { type CloseOptions, listen } from "../../wire/listener.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { dialectFor, secureContextOf } from "./interposer.ts";
import { type Door, listenForDatagrams } from "./datagram-relay.ts";
import { Relay } from "./relay.ts";
import type { RelayHouse, Witness } from "./relay-house.ts";
import { upgraded } from "./upgraded.ts";

/** How to record. Only the target is needed. */
export interface RecorderOptions {
  /** The real server: `smtp://127.0.0.1:1025`, `ftps://host`, `redis://…`. */
  readonly target: string;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** The file that is written when a conversation is over; the second one goes to `name-2.exchange`. @default none: see `scripts()` */
  readonly out?: string;
  /** How what is said is cut into lines. @default that of the target's scheme */
  readonly dialect?: string;
  /** Certificate and key shown to clients, in PEM. @default a leaf of the authority of this process */
  readonly certificate?: KeyedCertificate;
  /** How long the target may take to accept a connection, in milliseconds. @default 5_000 */
  readonly connectTimeoutMs?: number;
}

/** A running recorder. */
export interface ExchangeRecorder extends AsyncDisposable {
  /** The target's scheme with our address: what the client is told. */
  readonly url: string;
  readonly port: number;
  /** The authority that signed the certificate shown to clients, in PEM. */
  readonly ca: string;
  readonly transcript: Transcript;
  /** The conversations so far, in the order of their beginning, as scripts. */
  scripts(): string[];
  /** The files that were written, of conversations that are over. */
  files(): Promise<readonly string[]>;
  /** Stop accepting, wait for those who are connected up to `graceMs`, and write what is left. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Stand between clients and a real server and write down what they say, each connection as a script that plays against
 * the server and is served to the client. TLS ends in the middle; credentials become `secret`s. Over UDP every address
 * is a connection, which is over after half a minute of silence, or when the recorder is closed.
 * @throws TypeError for a target without messages; WireError ADDRESS_IN_USE, CONNECT_FAILED
 * @example
 * await using recorder = await startRecorder({ target: "ftp://127.0.0.1:21", out: "login.exchange" });
 * await execFile("curl", [`${recorder.url}/readme.txt`]);
 */
export async function startRecorder(options: RecorderOptions): Promise<ExchangeRecorder> {
  const target = parseTarget(options.target);
  const isDatagrams = target.transport === "udp";
  const dialect = dialectFor(target, options.dialect);
  const recorder = new Recorder("exchange", 10_000);
  const recordings: Recording[] = [];
  const writing: Promise<string>[] = [];
  const witness = (): Witness => {
    const startedMs = performance.now();
    const title = `recorded from ${options.target}`;
    const recording = new Recording({ dialect, target: options.target, title, startedMs, isDatagrams });
    recordings.push(recording);
    const { out } = options;
    const path = out === undefined ? undefined : numbered(out, recordings.length);
    const isOver = Promise.withResolvers<void>();
    if (path !== undefined) writing.push(isOver.promise.then(() => write(recording, path)));
    return {
      said: (speaker, message) => recording.said(speaker, message, performance.now()),
      secured: () => recording.secured(),
      dataListens: (listener) => recording.dataListens(listener),
      ended: (speaker, how) => recording.ended(speaker, how),
      over: () => isOver.resolve(),
    };
  };
  const house: RelayHouse = {
    target,
    dialect: target.isWebSocket ? upgraded(dialect) : dialect,
    recorder,
    secureContext: secureContextOf(options.certificate),
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    witness,
  };
  const { host = "127.0.0.1", port = 0 } = options;
  let connections = 0;
  const listener: Door = isDatagrams
    ? await listenForDatagrams(host, port, house)
    : await listen({ host, port }, (socket) => new Relay(socket, ++connections, house));
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= (async () => {
      await listener.close(closeOptions);
      await Promise.all(writing);
      recorder.close();
    })());
  return {
    url: `${target.transport === "unix" ? "tcp:" : target.url.protocol}//${listener.authority}${target.isWebSocket ? target.url.pathname : ""}`,
    port: listener.port,
    get ca() {
      return options.certificate?.cert ?? sharedAuthority().certificate;
    },
    transcript: recorder,
    scripts: () => recordings.map((recording) => print(recording.finish().script)),
    files: () => Promise.all(writing),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

async function write(recording: Recording, path: string): Promise<string> {
  const name = basename(path, extname(path));
  const { script, files } = recording.finish(name);
  for (const [file, bytes] of files) await writeFile(join(dirname(path), file), bytes);
  await writeFile(path, print(script));
  return path;
}

function numbered(path: string, number: number): string {
  if (number === 1) return path;
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}-${number}${ending}`;
}
