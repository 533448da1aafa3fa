import { crc32, deflateSync } from "node:zlib";
import type { DashboardOptions } from "../../servers/dashboard/index.ts";
import { type FtpOptions, type FtpServer, startFtp } from "../../servers/ftp/index.ts";
import { startFixture, type Fixture } from "./fixture.ts";

/** A dashboard over a file server of its own, beside the mail server. */
export interface FilesFixture extends Fixture {
  readonly ftp: FtpServer;
  /** A REST call about a path: `about("/content", "/in/a.txt")`. */
  about(call: string, path: string, init?: RequestInit & { readonly duplex?: "half" }): Promise<Response>;
}

export async function startFilesFixture(
  { files, ...more }: FtpOptions = {},
  options: Partial<DashboardOptions> = {},
): Promise<FilesFixture> {
  const ftp = await startFtp({ ...more, ...(files ? { files } : {}) });
  const kit = await startFixture({ files: ftp, ...options });
  return {
    ...kit,
    ftp,
    about: (call, path, init) =>
      kit.call(`/files${call}${call.includes("?") ? "&" : "?"}path=${encodeURIComponent(path)}`, init),
    async [Symbol.asyncDispose]() {
      await kit[Symbol.asyncDispose]();
      await ftp.close({ graceMs: 0 });
    },
  };
}

/** Three folders deep, a picture, a text, and a name with everything in it. */
export const someFiles = {
  "in/orders.csv": "id;total\n1;10\n2;20\n",
  "in/2026/november/report 10.txt": "ten",
  "in/2026/november/report 9.txt": "nine, and more",
  "odd % #? \"'(*) ü.txt": "odd",
};

/** A PNG of 64 by 64 points, a sail on the sea, drawn point by point. */
export const picture = png(64, (x, y) => {
  if (y > 48) return [20, 90, 140, 255];
  return x > 30 && x < 30 + (y - 6) / 2 ? [204, 58, 48, 255] : [0, 0, 0, 0];
});

/** A square picture of `size` points (RFC 2083). */
function png(size: number, colour: (x: number, y: number) => readonly number[]): Buffer {
  const rows = Array.from({ length: size }, (_, y) => [
    0,
    ...Array.from({ length: size }, (_, x) => colour(x, y)).flat(),
  ]);
  const chunk = (name: string, content: Uint8Array): Buffer => {
    const named = Buffer.concat([Buffer.from(name), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.from(rows.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
