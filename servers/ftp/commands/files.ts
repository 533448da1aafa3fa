/** Removing and renaming: DELE, RNFR, RNTO (RFC 959 section 4.1.3). */
import type { Command } from "../command.ts";
import { isWithin } from "../paths.ts";
import { reply } from "../replies.ts";

export const dele: Command = {
  verb: "DELE",
  syntax: "<path>",
  argument: "required",
  run: async (session, argument) => {
    const path = session.path(argument, "write");
    await session.files.remove(path, "file");
    session.tell({ type: "delete", path: session.fullPath(path) });
    return reply(250, "File removed.");
  },
};

export const rnfr: Command = {
  verb: "RNFR",
  syntax: "<path>",
  argument: "required",
  run: async (session, argument) => {
    const path = session.path(argument, "write");
    session.renameFrom = undefined;
    // A link that leads nowhere can be renamed too, so a missing target is RNTO's to find.
    await session.files.stat(path);
    session.renameFrom = path;
    return reply(350, "Ready for RNTO.");
  },
};

export const rnto: Command = {
  verb: "RNTO",
  syntax: "<path>",
  argument: "required",
  run: async (session, argument) => {
    const from = session.renameFrom;
    if (from === undefined) return reply(503, "RNFR first.");
    session.renameFrom = undefined;
    const path = session.newPath(argument);
    if (path !== from && isWithin(path, from)) return reply(553, "A folder does not fit into itself.");
    await session.files.rename(from, path);
    session.tell({ type: "rename", from: session.fullPath(from), path: session.fullPath(path) });
    return reply(250, "Renamed.");
  },
};
