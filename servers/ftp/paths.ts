/** Virtual paths: absolute, `/` between names, nothing to resolve left. The virtual root is the user's home. */

/** Longest path accepted, in bytes of UTF-8, as POSIX has it (`PATH_MAX` without the final NUL). */
export const maxPathBytes = 4095;

/**
 * The virtual path a client means, whatever it says: `..` stops at the root, empty names and `.` vanish, `~` alone or
 * before a slash is the root. A backslash, a blank or `*` is a character like any other.
 * @param folder the working directory, a virtual path
 */
export function resolvePath(folder: string, argument: string): string {
  if (argument === "") return folder;
  // Nearly always it is the name of a file in the folder.
  if (!argument.includes("/") && !/^\.{1,2}$|^~$/.test(argument)) return joinPath(folder, argument);
  const fromHome = argument === "~" || argument.startsWith("~/");
  const said = fromHome ? argument.slice(1) : argument;
  const names = fromHome || said.startsWith("/") ? [] : namesOf(folder);
  for (const name of said.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

/** The names on the way: `/a/b` → `["a", "b"]`, the root → `[]`. */
export function namesOf(path: string): string[] {
  return path === "/" ? [] : path.slice(1).split("/");
}

/** The folder a path lies in; the root lies in itself. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The last name of a path; empty for the root. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A name in a folder as a path. */
export function joinPath(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** Whether a new file may have this path: no control characters (CR and LF would break every listing), not too long. */
export function isGoodName(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are the characters that are refused
  if (/[\u0000\r\n]/.test(path)) return false;
  // No character takes more than three bytes of UTF-8 (the rare ones of four count as two).
  return path.length * 3 <= 255 || namesOf(path).every((name) => Buffer.byteLength(name) <= 255);
}

/** A path between quotes as in a 257 reply, quotes inside doubled (RFC 959 appendix II). */
export function quotePath(path: string): string {
  return `"${showName(path).replaceAll('"', '""')}"`;
}

/** A name that fits on a line: characters that would end or hide it are shown as `?`. */
export function showName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  return name.replace(/[\u0000-\u001F\u007F]/g, "?");
}
