import { byteString, textOf } from "./byte-string.ts";
import { plainPayload } from "./print.ts";
import type { Attachment, Item, Role } from "./script.ts";

/** Text of so many lines is written as lines, more as an attachment or a file. */
const maxLines = 40;

/** Bytes that somebody said on a connection without messages. */
export interface RecordedBytes {
  readonly speaker: Role;
  readonly connection?: string;
  /** What a file of them is called. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Where bytes go that no line can hold. */
export interface Beside {
  /** What the names of files beside the script begin with. */
  readonly script: string;
  readonly attachments: Attachment[];
  readonly files: Map<string, Uint8Array>;
}

/** The lines that say bytes: text as text, much of it as an attachment, and what is no text as a file beside the script. */
export function bytesAsLines({ speaker, connection, name, bytes }: RecordedBytes, beside: Beside): Item[] {
  const whole = byteString(bytes);
  const text = textOf(whole);
  const lines = whole.split(/(?<=\n)/);
  const spoken = (kind: string, payload: string): Item => ({
    type: "spoken",
    at: { file: "", line: 0 },
    gap: false,
    speaker,
    ...(connection === undefined ? {} : { connection }),
    mark: "",
    kind,
    payload: plainPayload(payload),
  });
  if (text !== undefined && lines.length <= maxLines && lines.every((line) => line.length <= 500))
    return lines.map((line) => spoken("raw", line));
  const file = `${name}.${text === undefined ? "bin" : "txt"}`;
  // An attachment is a text with LF line ends, and no line of it may look like the head of the next one.
  if (text?.endsWith("\n") && !/\r|^-- .* --$/m.test(text)) {
    beside.attachments.push({ name: file, text });
    return [spoken("file", file)];
  }
  beside.files.set(`${beside.script}.${file}`, bytes);
  return [spoken("file", `${beside.script}.${file}`)];
}
