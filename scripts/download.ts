import { connectFtp } from "../clients/ftp/index.ts";
import { CommandError, operands, text, value } from "./command-line/flags.ts";
import { command, main } from "./command-line.ts";
import { connectionFlags, connectionOf, transferFlags, transferSummary, withBar } from "./ftp/transfer.ts";

/** `npm run download`: fetch files and folders from a file server. */
export const download = command({
  name: "download",
  summary: "fetches files, and folders with everything in them, from a file server",
  flags: {
    path: operands({ argument: "PATH…", help: "a file or folder of the server" }),
    to: value({ argument: "DIR", help: "the folder on this side; default here", letter: "t" }, text),
    ...connectionFlags,
    ...transferFlags,
  },
  examples: ["portside download in/report.csv pictures --server ftp://127.0.0.1:2121 --to ./fetched"],
  run: async (flags) => {
    if (flags.path.length === 0)
      throw new CommandError("nothing to fetch; give a file or a folder of the server");
    await using client = await connectFtp(await connectionOf(flags));
    const { resume } = flags;
    const result = await withBar(process.stderr, !flags.quiet, (progress) =>
      client.download(flags.path, flags.to ?? ".", { resume, ...progress }),
    );
    if (!flags.quiet) console.log(transferSummary("fetched", result));
    return 0;
  },
});

if (import.meta.main) await main(download);
