import { connectFtp } from "../clients/ftp/index.ts";
import { CommandError, operands, text, value } from "./command-line/flags.ts";
import { command, main } from "./command-line.ts";
import { connectionFlags, connectionOf, transferFlags, transferSummary, withBar } from "./ftp/transfer.ts";

/** `npm run upload`: send files and folders to a file server. */
export const upload = command({
  name: "upload",
  summary: "sends files, and folders with everything in them, to a file server",
  flags: {
    file: operands({ argument: "FILE…", help: "a file or folder to send" }),
    to: value(
      { argument: "DIR", help: "the folder on the server; default the one of the URL", letter: "t" },
      text,
    ),
    ...connectionFlags,
    ...transferFlags,
  },
  examples: ["portside upload report.csv pictures --server ftp://ann:secret@127.0.0.1:2121 --to in"],
  run: async (flags) => {
    if (flags.file.length === 0) throw new CommandError("nothing to send; give a file or a folder");
    await using client = await connectFtp(await connectionOf(flags));
    const { resume } = flags;
    const result = await withBar(process.stderr, !flags.quiet, (progress) =>
      client.upload(flags.file, flags.to ?? "", { resume, ...progress }),
    );
    if (!flags.quiet) console.log(transferSummary("sent", result));
    return 0;
  },
});

if (import.meta.main) await main(upload);
