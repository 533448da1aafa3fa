/** A line of the control connection: Telnet's leftovers taken out, the verb in upper case, the argument as sent. */

export interface CommandLine {
  /** `STOR`; empty when the line is. */
  readonly verb: string;
  /** Everything behind the one blank after the verb, blanks included: a name may begin or end with one. */
  readonly argument: string;
  /** The bytes are UTF-8 without control characters; anything else is answered 501. */
  readonly isClean: boolean;
  /** How the line was wrong, if it was. Such a line has no text. */
  readonly fault?: "too long" | "endless";
}

const interpretAsCommand = 0xff;
const negotiations = new Set([0xfb, 0xfc, 0xfd, 0xfe]);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Read a line without its CRLF. */
export function parseCommandLine(line: Buffer): CommandLine {
  const ascii = line.toString("latin1");
  // Nearly every line is plain ASCII: nothing to take out, nothing to decode.
  if (/^[ -~]*$/.test(ascii)) return commandLineOf(ascii, true);
  const bytes = withoutTelnet(line);
  const text = decode(bytes);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const isClean = text !== undefined && !/[\u0000-\u001F\u007F]/.test(text);
  return commandLineOf(text ?? Buffer.from(bytes).toString("latin1"), isClean);
}

function commandLineOf(text: string, isClean: boolean): CommandLine {
  const blank = text.indexOf(" ");
  if (blank === -1) return { verb: text.toUpperCase(), argument: "", isClean };
  return { verb: text.slice(0, blank).toUpperCase(), argument: text.slice(blank + 1), isClean };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Clients send IAC IP, IAC DM before ABOR (RFC 959 section 4.1.3, RFC 854); a part of it may come out of band, so that
 * only a data mark (0xF2) or a lone IAC is left before the verb. A doubled IAC is the byte 255 itself.
 */
function withoutTelnet(line: Uint8Array): Uint8Array {
  if ((line[0] ?? 0) < 0xf0 && !line.includes(interpretAsCommand)) return line;
  const kept: number[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const byte = line[index] ?? 0;
    if (byte !== interpretAsCommand) {
      kept.push(byte);
      continue;
    }
    const next = line[index + 1];
    if (next === interpretAsCommand) kept.push(byte);
    if (next !== undefined && negotiations.has(next)) index += 1;
    // A lone IAC before a letter: its command byte was the urgent one.
    if (next !== undefined && next >= 0x80) index += 1;
  }
  return Uint8Array.from(kept.slice(kept.findIndex((byte) => byte < 0xf0)));
}
