/** Uploads: STOR, STOU, APPE (RFC 959 section 4.1.3). */
import { fromNetworkLines } from "../ascii.ts";
import type { Answer, Command } from "../command.ts";
import { FileError } from "../file-system.ts";
import type { FileWriter } from "../file-system.ts";
import { joinPath, nameOf, parentOf, showName } from "../paths.ts";
import { receiveFile } from "../pump.ts";
import type { FtpSession } from "../session.ts";
import { withEvents } from "../transfer-events.ts";
import { carryOut } from "../transfer.ts";
import type { OpenTransfer } from "../transfer.ts";

export const stor: Command = {
  verb: "STOR",
  syntax: "<path>",
  argument: "required",
  run: (session, argument) => {
    const path = session.newPath(argument);
    const { startAt } = session;
    return carryOut(session, {
      open: async () => {
        const writer = await session.files.write(path, startAt > 0 ? { start: startAt } : {});
        return upload(session, path, startAt, writer);
      },
    });
  },
};

export const appe: Command = {
  verb: "APPE",
  syntax: "<path>",
  argument: "required",
  run: (session, argument) => {
    const path = session.newPath(argument);
    return carryOut(session, {
      open: async () => {
        const startAt = await sizeOf(session, path);
        return upload(session, path, startAt, await session.files.append(path));
      },
    });
  },
};

export const stou: Command = {
  verb: "STOU",
  syntax: "[<path>]",
  argument: "optional",
  run: (session, argument) => {
    const wish = session.newPath(argument === "" ? "file" : argument);
    return carryOut(session, {
      open: async () => {
        const { path, writer } = await openUnique(session, wish);
        // RFC 1123 section 4.1.2.9: "FILE: " and the name.
        const shown = showName(nameOf(path));
        return upload(
          session,
          path,
          0,
          writer,
          `FILE: ${shown}`,
          `Transfer complete; unique file name: ${shown}`,
        );
      },
    });
  },
};

/** The name itself if it is free, or with the first number behind it that is. */
async function openUnique(session: FtpSession, wish: string): Promise<{ path: string; writer: FileWriter }> {
  for (let number = 0; ; number += 1) {
    const path = number === 0 ? wish : joinPath(parentOf(wish), `${nameOf(wish)}.${number}`);
    try {
      return { path, writer: await session.files.write(path, { isNew: true }) };
    } catch (error) {
      const isTaken = error instanceof FileError && (error.code === "EEXIST" || error.code === "EISDIR");
      if (!isTaken || number > 10_000) throw error;
    }
  }
}

async function sizeOf(session: FtpSession, path: string): Promise<number> {
  try {
    const entry = await session.files.stat(path);
    return entry.size;
  } catch {
    return 0;
  }
}

function upload(
  session: FtpSession,
  path: string,
  startAt: number,
  writer: FileWriter,
  opening = `Ready to receive ${showName(path)}.`,
  closing = "Transfer complete.",
): OpenTransfer | Answer {
  const conversion = session.isAscii ? fromNetworkLines() : undefined;
  return withEvents(
    session,
    { type: "upload", path, startAt },
    {
      opening,
      move: (socket, meter, transfer) =>
        receiveFile(socket, writer, meter, (large) => (transfer.socket = large), conversion),
      finish: async () => {
        await writer.finish();
        return closing;
      },
      abort: () => writer.abort(),
    },
  );
}
