import type { Said } from "../../wire/connection.ts";
import { CommandFault, type CommandHeard } from "../../wire/resp-command.ts";
import { quoteWord } from "../../wire/resp-words.ts";

const shownBytes = 256;
const longBytes = 1_024;

/** A command as it would be typed; long words are cut, passwords are not shown. */
export function showCommand(heard: CommandHeard): string {
  if (heard instanceof CommandFault) return heard.text;
  const name = heard[0]?.toLowerCase();
  const secretFrom = name === "auth" ? 1 : name === "hello" ? 2 : Infinity;
  return heard
    .map((word, index) => {
      if (index >= secretFrom) return "***";
      if (word.length <= shownBytes) return quoteWord(word);
      return `${quoteWord(word.slice(0, shownBytes))}…(${word.length} bytes)`;
    })
    .join(" ");
}

/** A reply, line by line; a long one is cut. */
export function showReply(said: Said): string {
  const text = typeof said === "string" ? said : Buffer.from(said).toString("latin1");
  const shown = text.length > longBytes ? `${text.slice(0, longBytes)}…(${text.length} bytes)` : text;
  return shown.replace(/\r\n$/, "").replaceAll("\r\n", "\n");
}

/** Whether it is short enough to be kept as it is until somebody looks. */
export function isShort(said: CommandHeard | Said): boolean {
  if (typeof said === "string") return said.length <= longBytes;
  if (said instanceof CommandFault || said instanceof Uint8Array) return false;
  let length = 0;
  for (const word of said) length += word.length;
  return length <= longBytes;
}
