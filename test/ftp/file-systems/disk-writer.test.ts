import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { diskWriter } from "../../../servers/ftp/file-systems/disk-writer.ts";
import { refuses } from "../../contracts/file-system.ts";

// /dev/full is a disk that is always full.
test.each([10, 500_000, 5_000_000])(
  "diskWriter() says ENOSPC for %i bytes on a full disk, and lets go of the file",
  async (size) => {
    const writer = diskWriter(openSync("/dev/full", "w"), "/file", 0, {});
    await refuses(async () => {
      for (let sent = 0; sent < size; sent += 65_536)
        await writer.write(Buffer.alloc(Math.min(65_536, size - sent)));
      await writer.finish();
    }, "ENOSPC");
    await writer.abort();
    // The descriptor's number is free again: the next file gets it.
    const first = openSync("/dev/null", "r");
    closeSync(first);
    const again = diskWriter(openSync("/dev/full", "w"), "/file", 0, {});
    await refuses(async () => {
      await again.write(Buffer.alloc(1));
      await again.finish();
    }, "ENOSPC");
    await again.abort();
    const second = openSync("/dev/null", "r");
    closeSync(second);
    expect(second).toBe(first);
  },
);
