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
}): StartLoad {
  const flags = [
    ...(options.isKept ? ["-d"] : []),
    ...(options.file === undefined ? ["-l", String(options.bytes ?? 0)] : ["-F", options.file]),
  ];
  return () =>
    Promise.resolve({
      async run(port, count) {
        const sessions = Math.min(options.sessions, count);
        const args = ["-s", String(sessions), "-m", String(count), ...flags, `127.0.0.1:${port}`];
        return (await runProgram("/usr/sbin/smtp-source", args)).seconds;
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
