import { toNetworkLines } from "../ascii.ts";
import type { Answer, Command } from "../command.ts";
import { showName } from "../paths.ts";
import { sendFile } from "../pump.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";
import { withEvents } from "../transfer-events.ts";
import { carryOut } from "../transfer.ts";
import type { OpenTransfer } from "../transfer.ts";

/** RETR (RFC 959 section 4.1.3), from the byte that REST named on, or of the bytes that RANG named. */
export const retr: Command = {
  verb: "RETR",
  syntax: "<path>",
  argument: "required",
  run: (session, argument) => {
    const path = session.path(argument, "read");
    return carryOut(session, { open: () => open(session, path) });
  },
};

async function open(session: FtpSession, path: string): Promise<OpenTransfer | Answer> {
  const { startAt, endAt, isAscii } = session;
  const reading = session.files.read(path, { start: startAt, ...(endAt !== undefined && { end: endAt }) });
  const reader = reading instanceof Promise ? await reading : reading;
  if (startAt > reader.size) {
    await reader.close();
    return reply(554, `The file has only ${reader.size} bytes.`);
  }
  const bytes = Math.min(endAt ?? reader.size, reader.size) - startAt;
  return withEvents(
    session,
    { type: "download", path, startAt },
    {
      opening: `Opening ${isAscii ? "ASCII" : "BINARY"} mode data connection for ${showName(path)} (${bytes} bytes).`,
      move: async (socket, meter) => {
        try {
          await sendFile(socket, reader, meter, isAscii ? toNetworkLines() : undefined);
        } finally {
          await reader.close();
        }
      },
      finish: () => "Transfer complete.",
      abort: () => undefined,
    },
  );
}
