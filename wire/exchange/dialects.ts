import type { Dialect } from "./dialect.ts";
import { dns } from "./dialects/dns.ts";
import { ftp } from "./dialects/ftp.ts";
import { line } from "./dialects/line.ts";
import { message } from "./dialects/message.ts";
import { raw } from "./dialects/raw.ts";
import { resp } from "./dialects/resp.ts";
import { smtp } from "./dialects/smtp.ts";

/** Every dialect there is; a new one is a file in `dialects/` and a line here. */
export const dialects: readonly Dialect[] = [line, smtp, ftp, resp, message, dns, raw];

/** The dialect of a name such as `smtp`, `undefined` when there is none. */
export function dialectNamed(name: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.name === name);
}

/** The dialect of the conversations at a URL: `smtp` for `smtps://…`; `undefined` for an unknown scheme. */
export function dialectOf(url: string): Dialect | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return dialects.find((dialect) => scheme !== undefined && dialect.schemes.includes(scheme));
}
