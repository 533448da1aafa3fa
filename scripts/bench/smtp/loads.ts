import { runProgram, startFile } from "../process.ts";
import type { LoadAnswer, LoadRequest } from "./loads/load.ts";

/** A load generator that is ready. */
export interface Load {
  /** @returns the seconds it took */
  run(port: number, count: number): Promise<number>;
  stop(): Promise<void>;
}

export type StartLoad = () => Promise<Load>;

/** Postfix's smtp-source. `isKept`: the sessions stay open; otherwise each mail has a connection of its own. */
export function smtpSource(options: {
  readonly sessions: number;
  readonly isKept: boolean;
  /** Bytes of the mail below its headers. */
  readonly bytes?: number;
  /** A mail to send as it is, instead. */
  readonly file?: string;
  /** Processes that share the sessions, where one sends less than a server takes. @default 1 */
  readonly processes?: number;
}): StartLoad {
  const flags = [
    ...(options.isKept ? ["-d"] : []),
    ...(options.file === undefined ? ["-l", String(options.bytes ?? 0)] : ["-F", options.file]),
  ];
  return () =>
    Promise.resolve({
      async run(port, count) {
        const processes = Math.min(options.processes ?? 1, count);
        const source = async (index: number): Promise<number> => {
          const mails = shareOf(count, processes, index);
          const sessions = Math.min(shareOf(options.sessions, processes, index), mails);
          const args = ["-s", String(sessions), "-m", String(mails), ...flags, `127.0.0.1:${port}`];
          return (await runProgram("/usr/sbin/smtp-source", args)).seconds;
        };
        return Math.max(
          ...(await Promise.all(Array.from({ length: processes }, (_, index) => source(index)))),
        );
      },
      stop: () => Promise.resolve(),
    });
}

/** A load generator of ours, a file in loads/. */
export function ownLoad(file: string, sessions: number, args: readonly string[] = []): StartLoad {
  return async () => {
    const load = await startFile(`smtp/loads/${file}`, args);
    return {
      run: async (port, count) =>
        (await load.ask<LoadAnswer>({ port, count, sessions } satisfies LoadRequest)).seconds,
      stop: () => load.stop(),
    };
  };
}

function shareOf(whole: number, parts: number, index: number): number {
  return Math.floor(whole / parts) + (index < whole % parts ? 1 : 0);
}
