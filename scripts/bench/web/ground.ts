import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What web servers of the bench serve: `1k.bin`, and `1g.bin` without blocks, so that the disk is not measured. */
export interface Ground {
  readonly folder: string;
  remove(): void;
}

export const gigabyte = 1_073_741_824;

/** A ground of one's own. @param name of whom it is for */
export function makeGround(name: string): Ground {
  const folder = mkdtempSync(join(tmpdir(), `portside-bench-${name}-`));
  writeFileSync(join(folder, "1k.bin"), "a".repeat(1_024));
  writeFileSync(join(folder, "1g.bin"), "");
  truncateSync(join(folder, "1g.bin"), gigabyte);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
