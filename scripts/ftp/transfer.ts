/** What `upload`, `download` and `list` have in common: the server's flags, the bar, and what is said at the end. */
import type { FtpConnection, TransferProgress, TransferResult } from "../../clients/ftp/index.ts";
import type { OptionsOf } from "../command-line.ts";
import { readNamedFile } from "../command-line/files.ts";
import { text, toggle, value } from "../command-line/flags.ts";
import { given } from "../command-line/given.ts";

/** Where the server is, and how it is spoken to. */
export const connectionFlags = {
  server: value(
    {
      argument: "URL",
      help: "ftp://[user:password@]host:port or ftps://…; default ftp://127.0.0.1:2121",
      letter: "s",
    },
    text,
  ),
  tls: toggle({ help: "AUTH TLS before the login" }),
  ca: value({ argument: "FILE", help: "an authority to trust, in PEM" }, text),
} as const;

/** How files are transferred. */
export const transferFlags = {
  resume: toggle({
    help: "go on where an earlier transfer broke off; skip what is there in full",
    letter: "c",
  }),
  quiet: toggle({ help: "say only what went wrong", letter: "q" }),
} as const;

export async function connectionOf(flags: OptionsOf<typeof connectionFlags>): Promise<FtpConnection> {
  const ca = flags.ca === undefined ? undefined : await readNamedFile(flags.ca, "--ca");
  return { tls: flags.tls, ...given({ server: flags.server, ca: ca?.toString() }) };
}

const barWidth = 24;
const redrawMs = 100;

/** A line such as `[########----]  1.2 of 4.0 MB  98.5 MB/s  0:03 left  report.csv`. */
export function barLine(
  { bytes, totalBytes, file, files, totalFiles }: TransferProgress,
  elapsedMs: number,
): string {
  const share = totalBytes === 0 ? 1 : bytes / totalBytes;
  const filled = Math.floor(share * barWidth);
  const rate = elapsedMs > 0 ? bytes / elapsedMs : 0;
  const left = rate > 0 ? `${clock((totalBytes - bytes) / rate)} left` : "";
  const count = totalFiles > 1 ? `${files}/${totalFiles}  ` : "";
  const amount = `${size(bytes)} of ${size(totalBytes)}`;
  return `[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}]  ${count}${amount}  ${size(rate * 1000)}/s  ${left}  ${file}`;
}

/**
 * Transfer, with a bar on one line of the terminal, drawn at most ten times a second. However it ends, what is said next
 * begins on a line of its own. Where there is no terminal, or no bar is wanted, nothing is drawn.
 */
export async function withBar<Result>(
  terminal: NodeJS.WriteStream,
  isWanted: boolean,
  transfer: (options: { readonly onProgress?: (progress: TransferProgress) => void }) => Promise<Result>,
): Promise<Result> {
  if (!isWanted || !terminal.isTTY) return await transfer({});
  const startMs = performance.now();
  let drawnMs = 0;
  const onProgress = (progress: TransferProgress): void => {
    const nowMs = performance.now();
    const isOver = progress.files === progress.totalFiles;
    if (!isOver && drawnMs > 0 && nowMs - drawnMs < redrawMs) return;
    drawnMs = nowMs;
    // A terminal that does not tell its width says 0.
    const line = barLine(progress, nowMs - startMs).slice(0, (terminal.columns || 80) - 1);
    terminal.write(`\r\u001B[K${line}`);
  };
  try {
    return await transfer({ onProgress });
  } finally {
    if (drawnMs > 0) terminal.write("\n");
  }
}

/** One line about what was done. */
export function transferSummary(done: string, { files, bytes, skipped, tookMs }: TransferResult): string {
  const count = files.length === 1 ? `${files[0]} ${done}` : `${files.length} files ${done}`;
  const also = skipped > 0 ? `, ${skipped} there already` : "";
  return `${count}, ${size(bytes)} in ${(tookMs / 1000).toFixed(2)} s, ${size((bytes / Math.max(tookMs, 1)) * 1000)}/s${also}`;
}

/** Bytes for people. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${power === 0 ? Math.round(bytes) : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

function clock(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
