import type { FileFacts } from "./file-cache.ts";
import type { Files } from "./files.ts";
import { dateField, headText } from "./head-writer.ts";

/** A whole response as bytes, good for one second (its Date). */
interface Ready {
  readonly bytes: Buffer;
  readonly head: string;
  readonly date: string;
}

/**
 * The response to a plain GET of a small file that was looked at a moment ago, made once a second: what a client that
 * asks for the same again and again costs is then its head and one write.
 */
export function readyResponse(path: string, files: Files): Ready | undefined {
  const facts = files.fresh(path);
  if (!facts?.content) return undefined;
  const kept = facts.made.get("ready") as Ready | undefined;
  return kept?.date === dateField() ? kept : makeReady(facts, facts.content, files);
}

function makeReady(facts: FileFacts, content: Buffer, files: Files): Ready {
  const answer = files.wholeAnswer(facts);
  const head = headText(answer, { byteCount: content.length }, undefined);
  const bytes = Buffer.concat([Buffer.from(head, "latin1"), content]);
  const ready = { bytes, head: head.slice(0, -4).replaceAll("\r\n", "\n"), date: dateField() };
  facts.made.set("ready", ready);
  return ready;
}
