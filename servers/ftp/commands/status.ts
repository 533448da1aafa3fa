/** What is heard while a transfer runs: ABOR, STAT, QUIT, NOOP (RFC 959 section 4.1.3). */
import type { Answer, Command } from "../command.ts";
import type { FileEntry } from "../file-system.ts";
import { formatListLine } from "../listing.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";
import { find, withoutFlags } from "./list.ts";

/** Nothing now; it is said behind the transfer's own reply. */
const later: Answer = { code: 0, lines: [] };

export const abor: Command = {
  verb: "ABOR",
  syntax: "",
  argument: "optional",
  isForEverybody: true,
  isUrgent: true,
  run: (session) => {
    const { transfer } = session;
    session.replaceChannel(undefined);
    if (!transfer) return reply(226, "No transfer to abort.");
    transfer.afterwards.push(reply(226, "Abort successful."));
    transfer.abort("the client sent ABOR");
    return later;
  },
};

export const quit: Command = {
  verb: "QUIT",
  syntax: "",
  argument: "forbidden",
  isForEverybody: true,
  isUrgent: true,
  run: (session) => {
    const goodbye: Answer = { ...reply(221, "Goodbye."), end: true, isLast: true };
    if (!session.transfer) return goodbye;
    session.transfer.afterwards.push(goodbye);
    return later;
  },
};

export const noop: Command = {
  verb: "NOOP",
  syntax: "",
  argument: "optional",
  isForEverybody: true,
  isUrgent: true,
  run: () => reply(200, "NOOP ok."),
};

export const stat: Command = {
  verb: "STAT",
  syntax: "[<path>]",
  argument: "optional",
  isUrgent: true,
  run: (session, argument) =>
    argument === "" ? reply(211, ...statusOf(session)) : listHere(session, argument),
};

function statusOf(session: FtpSession): string[] {
  const { transfer, voice } = session;
  const seconds = transfer ? (performance.now() - transfer.startedMs) / 1000 : 0;
  return [
    "Portside FTP server status:",
    `Connected to ${voice.localAddress}, from ${voice.remoteAddress}`,
    `Logged in as ${session.user?.name ?? "nobody"}`,
    `TYPE: ${session.isAscii ? "ASCII" : "BINARY"}, STRU: FILE, MODE: STREAM`,
    `Control connection: ${voice.tls?.version ?? "clear"}; data connections: ${session.hasPrivateData ? "TLS" : "clear"}`,
    ...(transfer
      ? [`Transfer: ${transfer.meter.bytes} bytes in ${seconds.toFixed(1)} s`]
      : ["No data connection"]),
    "End of status",
  ];
}

/** A path's listing, over the control connection. */
async function listHere(session: FtpSession, argument: string): Promise<Answer> {
  const name = withoutFlags(argument);
  const nowMs = Date.now();
  const { entries } = await find(session, session.path(name, "read"), name);
  const lines: string[] = [];
  for await (const entry of entries as AsyncIterable<FileEntry>) lines.push(formatListLine(entry, nowMs));
  return reply(213, "Status follows:", ...lines, "End of status");
}
