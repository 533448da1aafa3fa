/** Digests of files: HASH (draft-bryan-ftpext-hash) and the older XMD5, XSHA1, XSHA256, XSHA512. */
import { createHash } from "node:crypto";
import type { Command } from "../command.ts";
import type { ByteRange } from "../file-system.ts";
import { showName } from "../paths.ts";
import { reply } from "../replies.ts";
import type { FtpSession } from "../session.ts";

/** Names in the registry of HASH, and what Node calls them. */
export const hashNames: Readonly<Record<string, string>> = {
  "SHA-256": "sha256",
  "SHA-512": "sha512",
  "SHA-1": "sha1",
  MD5: "md5",
};

export const hash: Command = {
  verb: "HASH",
  syntax: "<path>",
  argument: "required",
  keepsRange: false,
  feature: ({ hashName }) =>
    `HASH ${Object.keys(hashNames)
      .map((name) => (name === hashName ? `${name}*` : name))
      .join(";")}`,
  run: async (session, argument) => {
    const { startAt, endAt, hashName } = session;
    const path = session.path(argument, "read");
    const { hex, size } = await digest(session, path, hashNames[hashName] ?? "sha256", {
      start: startAt,
      ...(endAt !== undefined && { end: endAt }),
    });
    return reply(213, `${hashName} ${startAt}-${Math.min(endAt ?? size, size)} ${hex} ${showName(argument)}`);
  },
};

async function digest(
  session: FtpSession,
  path: string,
  algorithm: string,
  range: ByteRange,
): Promise<{ readonly hex: string; readonly size: number }> {
  const reader = await session.files.read(path, range);
  try {
    const sum = createHash(algorithm);
    for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) sum.update(bytes);
    return { hex: sum.digest("hex"), size: reader.size };
  } finally {
    await reader.close();
  }
}

const older = (verb: string, algorithm: string): Command => ({
  verb,
  syntax: "<path>",
  argument: "required",
  feature: verb,
  run: async (session, argument) => {
    // Some clients put the name between quotes.
    const name = /^"(.+)"$/.exec(argument)?.[1] ?? argument;
    const { hex } = await digest(session, session.path(name, "read"), algorithm, {});
    return reply(250, hex.toUpperCase());
  },
});

export const olderHashes: readonly Command[] = [
  older("XMD5", "md5"),
  older("XSHA1", "sha1"),
  older("XSHA256", "sha256"),
  older("XSHA512", "sha512"),
];
