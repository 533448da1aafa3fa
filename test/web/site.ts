import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Scratch, scratch } from "../peers/tools.ts";

/** When every file of the site was written last: a whole second, so that HTTP dates can say it. */
export const modified = new Date("2026-03-04T05:06:07Z");

/** 200,000 bytes that can be told apart. */
export const big = Buffer.from(
  Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff),
);

const files: Readonly<Record<string, string | Buffer>> = {
  "small.txt": "0123456789abcdefghijklmnopqrstuvwxyz\n",
  "empty.txt": "",
  "page.html": "<!doctype html><title>Page</title><link rel=stylesheet href=style.css><h1>Hello</h1>",
  "style.css": "h1 { color: rgb(1, 2, 3) }",
  "with space.txt": "space",
  "ä.txt": "umlaut",
  "100%.txt": "percent",
  "sub/index.html": "<p>index",
  "sub/a.txt": "a",
  "plain/b.txt": "b",
  "big.bin": big,
};

/** A folder to serve, with links in and out of it. */
export function site(): Scratch & { readonly root: string } {
  const folder = scratch();
  const root = join(folder.path, "root");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
    utimesSync(join(root, name), modified, modified);
  }
  writeFileSync(join(folder.path, "secret.txt"), "secret");
  mkdirSync(join(folder.path, "root-but-not"));
  writeFileSync(join(folder.path, "root-but-not", "secret.txt"), "secret");
  symlinkSync("../secret.txt", join(root, "link-out.txt"));
  symlinkSync("..", join(root, "folder-out"));
  symlinkSync("/etc", join(root, "etc"));
  symlinkSync("../root-but-not", join(root, "beside"));
  symlinkSync("small.txt", join(root, "link-in.txt"));
  symlinkSync("loop", join(root, "loop"));
  return Object.assign(folder, { root });
}
