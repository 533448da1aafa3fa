/**
 * Join the lines of text sent as `format=flowed` (RFC 3676 section 4) to the paragraphs the sender wrote. Quotes keep
 * their marks, signatures their separator.
 * @param text with `\n` line endings
 * @param deletesSpace the parameter `delsp=yes`: the space that marks a soft line end is none of the text
 */
export function unflow(text: string, deletesSpace: boolean): string {
  const paragraphs: string[] = [];
  let open: { quotes: string; pieces: string[] } | undefined;
  const close = (): void => {
    if (open) paragraphs.push(open.pieces.join(""));
    open = undefined;
  };
  for (const line of text.split("\n")) {
    const [quotes = ""] = /^>*/.exec(line) ?? [];
    const unquoted = line.slice(quotes.length);
    const content = unquoted.startsWith(" ") ? unquoted.slice(1) : unquoted;
    const isSeparator = content === "-- ";
    const isSoft = content.endsWith(" ") && !isSeparator;
    if (open && (open.quotes !== quotes || isSeparator)) close();
    open ??= { quotes, pieces: quotes === "" ? [] : [quotes, " "] };
    open.pieces.push(isSoft && deletesSpace ? content.slice(0, -1) : content);
    if (!isSoft) close();
  }
  close();
  return paragraphs.join("\n");
}
