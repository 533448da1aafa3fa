/** Moving around, and making and removing folders: CWD, CDUP, PWD, MKD, RMD and their X-variants (RFC 775). */
import type { Command } from "../command.ts";
import { FileError } from "../file-system.ts";
import { quotePath } from "../paths.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";

const changeTo = async (session: FtpSession, argument: string): Promise<ReturnType<typeof reply>> => {
  const path = session.path(argument, "read");
  const entry = await session.files.stat(path);
  if (entry.type !== "folder") throw new FileError("ENOTDIR", path);
  session.folder = path;
  return reply(250, "Directory successfully changed.");
};

export const cwd: Command = { verb: "CWD", syntax: "<path>", argument: "optional", run: changeTo };

export const cdup: Command = {
  verb: "CDUP",
  syntax: "",
  argument: "forbidden",
  run: (session) => changeTo(session, ".."),
};

export const pwd: Command = {
  verb: "PWD",
  syntax: "",
  argument: "forbidden",
  run: (session) => reply(257, `${quotePath(session.folder)} is the current directory.`),
};

export const mkd: Command = {
  verb: "MKD",
  syntax: "<path>",
  argument: "required",
  run: async (session, argument) => {
    const path = session.newPath(argument);
    await session.files.makeDirectory(path);
    session.tell({ type: "make-directory", path: session.fullPath(path) });
    return reply(257, `${quotePath(path)} created.`);
  },
};

export const rmd: Command = {
  verb: "RMD",
  syntax: "<path>",
  argument: "required",
  run: async (session, argument) => {
    const path = session.path(argument, "write");
    await session.files.remove(path, "folder");
    session.tell({ type: "remove-directory", path: session.fullPath(path) });
    return reply(250, "Directory removed.");
  },
};

export const folderVariants: readonly Command[] = [
  { ...cwd, verb: "XCWD" },
  { ...cdup, verb: "XCUP" },
  { ...pwd, verb: "XPWD" },
  { ...mkd, verb: "XMKD" },
  { ...rmd, verb: "XRMD" },
];
