import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What the file servers of the bench serve, on a RAM disk where there is one: `big` (1 GiB), `small/` (500 files of
 * 4 KiB), `many/` (10,000 files), `mega` (1 MiB), and `in/`, into which anybody may write.
 */
export interface Ground {
  readonly root: string;
  /** A folder for what clients fetch. */
  readonly fetched: string;
}

export const bigBytes = 1024 ** 3;
export const smallFiles = 500;
export const manyFiles = 10_000;

let ground: Ground | undefined;

/** Made when it is first asked for, gone with the process. */
export function theGround(): Ground {
  if (ground) return ground;
  const base = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "portside-bench-"));
  process.once("exit", () => rmSync(base, { recursive: true, force: true }));
  chmodSync(base, 0o755);
  const root = join(base, "root");
  for (const folder of ["", "small", "many", "in"]) mkdirSync(join(root, folder), { recursive: true });
  // vsftpd serves no root that its user can write to.
  chmodSync(join(root, "in"), 0o777);
  const megabyte = Buffer.alloc(1024 ** 2, "portside bench ");
  writeFileSync(join(root, "mega"), megabyte);
  for (let part = 0; part < bigBytes / megabyte.length; part += 1) {
    writeFileSync(join(root, "big"), megabyte, { flag: "a" });
  }
  for (let file = 0; file < smallFiles; file += 1) {
    writeFileSync(join(root, "small", `file-${file}.txt`), megabyte.subarray(0, 4096));
  }
  for (let file = 0; file < manyFiles; file += 1) writeFileSync(join(root, "many", `entry-${file}.csv`), "x");
  const fetched = join(base, "fetched");
  mkdirSync(fetched);
  ground = { root, fetched };
  return ground;
}
