import type { FtpSession } from "./session.ts";
import type { OpenTransfer } from "./transfer.ts";

/** The transfer of a file, told in the server's events: when it starts, and how it ends. */
export function withEvents(
  session: FtpSession,
  file: { readonly type: "upload" | "download"; readonly path: string; readonly startAt: number },
  transfer: OpenTransfer,
): OpenTransfer {
  const about = { ...file, path: session.fullPath(file.path) };
  const startedMs = performance.now();
  const durationMs = (): number => performance.now() - startedMs;
  session.tell({ ...about, state: "started", bytes: 0, durationMs: 0 });
  return {
    opening: transfer.opening,
    move: (socket, meter, under) => transfer.move(socket, meter, under),
    finish: async (meter) => {
      const closing = await transfer.finish(meter);
      session.tell({ ...about, state: "finished", bytes: meter.bytes, durationMs: durationMs() });
      return closing;
    },
    abort: async (meter, reason) => {
      try {
        await transfer.abort(meter, reason);
      } finally {
        session.tell({ ...about, state: "aborted", bytes: meter.bytes, durationMs: durationMs(), reason });
      }
    },
  };
}
