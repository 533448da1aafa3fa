import type { Context } from "hono";
import { type FileErrorCode, toFileError } from "../../ftp/file-system.ts";
import { isGoodName, maxPathBytes, resolvePath } from "../../ftp/paths.ts";
import type { FileFace } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { text, type Schema } from "../route.ts";
import type { Services } from "../services.ts";

/** The query parameter that says which file a call is about. */
export const pathQuery: Readonly<Record<string, Schema>> = {
  path: { ...text, description: "From the root of the file server: `/in/orders.csv`" },
};

/** The file server that is shown. @throws Refusal 501 when there is none */
export function fileFace({ settings }: Services): FileFace {
  if (!settings.files) throw new Refusal(501, "this dashboard shows no file server");
  return settings.files;
}

/** The virtual path that the query names, resolved as the file server resolves it: nothing is above the root. @throws Refusal 400 */
export function askedPath(context: Context): string {
  return virtualPath(context.req.query("path") ?? "/", "path");
}

/** The same for something that is to be made. @throws Refusal 400 */
export function newPath(path: string, name: string): string {
  const resolved = virtualPath(path, name);
  if (resolved === "/" || !isGoodName(resolved)) {
    throw new Refusal(400, `${name} must be a path whose names fit on a line and take at most 255 bytes`);
  }
  return resolved;
}

/** A path of a body or a query as a virtual path. @throws Refusal 400 */
export function virtualPath(path: string, name: string): string {
  if (path.includes("\0") || Buffer.byteLength(path) > maxPathBytes) {
    throw new Refusal(400, `${name} must be a path without NUL, of at most ${maxPathBytes} bytes`);
  }
  return resolvePath("/", path.startsWith("/") ? path : `/${path}`);
}

/** Await a file system's answer; what it refuses becomes a status and its sentence. */
export async function filed<Value>(path: string, action: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { code, message } = toFileError(error, path);
    throw new Refusal(statusOf[code], message, { cause: error });
  }
}

const statusOf: Readonly<Record<FileErrorCode, Refusal["status"]>> = {
  EACCES: 403,
  EDQUOT: 507,
  EEXIST: 409,
  EINVAL: 400,
  EIO: 500,
  EISDIR: 409,
  ENAMETOOLONG: 400,
  ENOENT: 404,
  ENOSPC: 507,
  ENOTDIR: 409,
  ENOTEMPTY: 409,
  EROFS: 403,
};
