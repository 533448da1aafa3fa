/**
 * The path of a target: percent-encoding undone once, dot segments and doubled slashes resolved (RFC 3986 section 5.2.4).
 * @returns the path; undefined when it cannot be decoded, has a NUL, or climbs above `/`
 */
export function pathOf(target: string): string | undefined {
  let raw = target;
  if (!raw.startsWith("/")) {
    if (raw === "*") return raw;
    const authority = raw.indexOf("://");
    const slash = raw.slice(authority === -1 ? 0 : authority + 3).search(/[/?]/);
    raw = authority === -1 || slash === -1 ? "/" : raw.slice(authority + 3 + slash);
    if (!raw.startsWith("/")) raw = `/${raw}`;
  }
  const mark = raw.indexOf("?");
  if (mark !== -1) raw = raw.slice(0, mark);
  if (!/%|\/\.|\/\//.test(raw)) return raw;
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  if (path.includes("\0")) return undefined;
  const names: string[] = [];
  const parts = path.split("/").slice(1);
  for (const part of parts) {
    if (part === "..") {
      if (names.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") names.push(part);
  }
  const isFolder = ["", ".", ".."].includes(parts.at(-1) ?? "");
  return `/${names.join("/")}${isFolder && names.length > 0 ? "/" : ""}`;
}
