import type { FileFacts } from "./file-cache.ts";
import type { Files } from "./files.ts";
import { dateField, headText } from "./head-writer.ts";
import type { WebRequest } from "./request.ts";

/** A whole response as bytes, good for one second (its Date). */
interface Ready {
  readonly bytes: Buffer;
  readonly head: string;
  readonly date: string;
}

/** Fields that change nothing about which bytes of a file are sent. */
const harmless = new Set([
  "host",
  "user-agent",
  "accept",
  "accept-language",
  "cache-control",
  "pragma",
  "cookie",
  "referer",
]);

/**
 * The response to a plain GET of a small file that was looked at a moment ago, made once a second: what a client that
 * asks for the same again and again costs is then its head and one write.
 */
export function readyResponse(request: WebRequest, files: Files): Ready | undefined {
  if (request.method !== "GET" || request.version !== "1.1") return undefined;
  const facts = files.fresh(request.path);
  if (!facts?.content || !isPlain(request)) return undefined;
  const kept = facts.made.get("ready") as Ready | undefined;
  return kept?.date === dateField() ? kept : makeReady(facts, facts.content, files);
}

function isPlain({ fields: { raw } }: WebRequest): boolean {
  for (let index = 0; index < raw.length; index += 2) {
    if (!harmless.has(raw[index]!.toLowerCase())) return false;
  }
  return true;
}

function makeReady(facts: FileFacts, content: Buffer, files: Files): Ready {
  const answer = files.wholeAnswer(facts);
  const head = headText(answer, { byteCount: content.length }, undefined);
  const bytes = Buffer.concat([Buffer.from(head, "latin1"), content]);
  const ready = { bytes, head: head.slice(0, -4), date: dateField() };
  facts.made.set("ready", ready);
  return ready;
}
