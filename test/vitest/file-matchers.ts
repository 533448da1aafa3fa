import { FileError, type Folder, type FtpServer } from "../../servers/ftp/index.ts";

declare module "vitest" {
  // The parameters must be those of vitest's own declaration, or the two do not merge.
  // oxlint-disable-next-line no-unused-vars
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * A file server, or a folder of one (`ftp.files`, `ftp.home("ann")`), holds this file; with this content when one is
     * given. Must be awaited. A failure shows what the file holds, or which files there are.
     * @example await expect(ftp).toHaveFile("out/1.xml", /<order/);
     */
    toHaveFile(path: string, content?: string | RegExp | Uint8Array): Promise<void>;
  }
}

/** The matchers, for `expect.extend`. */
export const fileMatchers = {
  async toHaveFile(
    received: unknown,
    path: string,
    content?: string | RegExp | Uint8Array,
  ): Promise<{ pass: boolean; message: () => string }> {
    const folder = folderOf(received);
    let bytes: Buffer;
    try {
      bytes = await folder.read(path);
    } catch (error) {
      if (!(error instanceof FileError) || error.code !== "ENOENT") throw error;
      const files = await folder.tree();
      const there = files.length === 0 ? "no files" : files.slice(0, 20).join(", ");
      return { pass: false, message: () => `expected the file ${path}; there are ${there}` };
    }
    if (content === undefined || fits(bytes, content)) {
      const besides = content === undefined ? "" : ` with the content ${shown(content)}`;
      return { pass: true, message: () => `expected no file ${path}${besides}` };
    }
    const expected = `expected ${path} to hold ${shown(content)}`;
    return { pass: false, message: () => `${expected}; it holds ${shown(bytes)}` };
  },
};

function folderOf(value: unknown): Folder {
  if (typeof value === "object" && value !== null) {
    if ("waitForUpload" in value && "files" in value) return (value as FtpServer).files;
    if ("tree" in value && "read" in value) return value as Folder;
  }
  throw new TypeError("toHaveFile needs a file server or its files: expect(ftp) or expect(ftp.files)");
}

function fits(bytes: Buffer, content: string | RegExp | Uint8Array): boolean {
  return content instanceof RegExp ? content.test(bytes.toString()) : bytes.equals(Buffer.from(content));
}

function shown(content: string | RegExp | Uint8Array): string {
  if (content instanceof RegExp) return String(content);
  const text = JSON.stringify(Buffer.from(content).toString());
  return text.length > 200 ? `${text.slice(0, 200)}… (${content.length} bytes)` : text;
}
