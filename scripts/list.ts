import { connectFtp, type RemoteEntry } from "../clients/ftp/index.ts";
import { operands, toggle } from "./command-line/flags.ts";
import { command, main } from "./command-line.ts";
import { connectionFlags, connectionOf, size } from "./ftp/transfer.ts";

/** `npm run list`: see what a file server holds. */
export const list = command({
  name: "list",
  summary: "shows what a folder of a file server holds",
  flags: {
    path: operands({ argument: "DIR", help: "the folder; default the one of the URL" }),
    json: toggle({ help: "one JSON object for each entry" }),
    ...connectionFlags,
  },
  examples: ["portside list in --server ftp://127.0.0.1:2121"],
  run: async (flags) => {
    await using client = await connectFtp(await connectionOf(flags));
    const folders = flags.path.length === 0 ? [""] : flags.path;
    for (const folder of folders) {
      const entries = await client.list(folder);
      for (const entry of entries) console.log(flags.json ? JSON.stringify(entry) : entryLine(entry));
    }
    return 0;
  },
});

/** A line such as `2026-11-23 18:08    1.2 kB  report.csv`; a folder's name ends with a slash. */
export function entryLine({ name, type, size: bytes, modifiedMs }: RemoteEntry): string {
  const time =
    modifiedMs === undefined ? "" : new Date(modifiedMs).toISOString().slice(0, 16).replace("T", " ");
  const amount = type === "file" ? size(bytes) : "";
  return `${time.padEnd(16)}  ${amount.padStart(9)}  ${name}${type === "folder" ? "/" : ""}`;
}

if (import.meta.main) await main(list);
