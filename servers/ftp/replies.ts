/** Replies of the control connection (RFC 959 section 4.2), and which one a refusal of the file system becomes. */
import type { FileErrorCode } from "./file-system.ts";

export interface Reply {
  readonly code: number;
  /** More than one line makes a multi-line reply; those between the first and the last are indented by a blank. */
  readonly lines: readonly string[];
}

/** A reply of one line, or of several. */
export function reply(code: number, ...lines: string[]): Reply {
  return { code, lines };
}

/**
 * The bytes' text, with CRLF. A reply of several lines opens with `code-` and ends with the same code and a blank; a line
 * between that begins with digits would be taken for the end, so all of them begin with a blank (RFC 959 section 4.2).
 */
export function formatReply({ code, lines }: Reply): string {
  const last = lines.length - 1;
  if (last <= 0) return `${code} ${lines[0] ?? ""}\r\n`;
  return lines
    .map((line, index) => {
      if (index === last) return `${code} ${line}\r\n`;
      return index === 0 ? `${code}-${line}\r\n` : ` ${line}\r\n`;
    })
    .join("");
}

/** What a failed command is answered with, before a transfer has begun. */
export const refusals: Readonly<Record<FileErrorCode, Reply>> = {
  EACCES: reply(550, "Permission denied."),
  EDQUOT: reply(552, "Exceeded storage allocation."),
  EEXIST: reply(550, "File exists."),
  EINVAL: reply(553, "File name not allowed."),
  EIO: reply(451, "Local error in processing."),
  EISDIR: reply(550, "Not a plain file."),
  ENAMETOOLONG: reply(553, "File name not allowed."),
  ENOENT: reply(550, "No such file or directory."),
  ENOSPC: reply(452, "Insufficient storage space in system."),
  ENOTDIR: reply(550, "Not a directory."),
  ENOTEMPTY: reply(550, "Directory not empty."),
  EROFS: reply(550, "Permission denied."),
};
