import type { MailMark } from "../../mailbox.ts";
import type { Marks } from "./roster.ts";

/**
 * The marks of a mail after this change.
 * @returns undefined when the change changes nothing
 */
export function applyMark({ isRead, tags }: Marks, mark: MailMark): Marks | undefined {
  if ("isRead" in mark) return mark.isRead === isRead ? undefined : { isRead: mark.isRead, tags };
  const changed = uniqueTags(tagsAfter(tags, mark));
  const isSame = changed.length === tags.length && changed.every((tag, index) => tag === tags[index]);
  return isSame ? undefined : { isRead, tags: changed };
}

/** Tags in the order given, each once, without white space around them and without empty ones. */
export function uniqueTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag) => tag.trim()))].filter((tag) => tag !== "");
}

function tagsAfter(tags: readonly string[], mark: Exclude<MailMark, { isRead: boolean }>): readonly string[] {
  if ("tags" in mark) return mark.tags;
  if ("removeTag" in mark) return tags.filter((tag) => tag !== mark.removeTag);
  return tags.map((tag) => (tag === mark.renameTag ? mark.to : tag));
}
