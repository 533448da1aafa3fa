import type { Cutter } from "../../wire/lines.ts";
import { parseCommandLine } from "./command-line.ts";
import type { CommandLine } from "./command-line.ts";
import { showName } from "./paths.ts";

/** Room for a verb, a path of 4,095 bytes, and Telnet's leftovers. */
const maxLineBytes = 4_200;
/** A line that is so much longer than that will never end. */
const endlessFactor = 256;

const lf = 0x0a;
const cr = 0x0d;

/** Cuts the control connection into commands, ended by CRLF or a bare LF. Of longer lines nothing is kept. */
export class CommandCutter implements Cutter<CommandLine> {
  end = 0;
  #skipped = 0;

  cut(bytes: Buffer, start: number): CommandLine | undefined {
    const at = bytes.indexOf(lf, start);
    if (at === -1) return this.#unfinished(bytes, start);
    this.end = at + 1;
    const isTooLong = this.#skipped > 0 || at - start > maxLineBytes;
    this.#skipped = 0;
    if (isTooLong) return faulty("too long");
    return parseCommandLine(bytes.subarray(start, at > start && bytes[at - 1] === cr ? at - 1 : at));
  }

  #unfinished(bytes: Buffer, start: number): CommandLine | undefined {
    const length = bytes.length - start;
    if (this.#skipped === 0 && length <= maxLineBytes) {
      this.end = start;
      return this.#abortWithoutLineFeed(bytes, start);
    }
    this.end = bytes.length;
    this.#skipped += length;
    return this.#skipped > maxLineBytes * endlessFactor ? faulty("endless") : undefined;
  }

  /** Python's ftplib sends all of ABOR CRLF as urgent: its last byte, the LF, comes out of band and is lost. */
  #abortWithoutLineFeed(bytes: Buffer, start: number): CommandLine | undefined {
    if (bytes.at(-1) !== cr || bytes.length - start > 16) return undefined;
    const line = parseCommandLine(bytes.subarray(start, -1));
    if (line.verb !== "ABOR" || line.argument !== "") return undefined;
    this.end = bytes.length;
    return line;
  }
}

function faulty(fault: "too long" | "endless"): CommandLine {
  return { verb: "", argument: "", isClean: false, fault };
}

/** How a command looks in the transcript and to rules: on one line, whatever it holds. */
export function showCommand({ verb, argument, fault }: CommandLine): string {
  if (fault !== undefined) return `(a line that is ${fault})`;
  return showName(argument === "" ? verb : `${verb} ${argument}`);
}
