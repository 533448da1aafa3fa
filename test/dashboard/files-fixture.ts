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
