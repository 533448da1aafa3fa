/**
 * The answer to a command that had a label (IRCv3 labeled-response): one line carries the label itself, several are a
 * batch that does, and none are told as an ACK.
 * @param lines as they would be said without a label
 */
export function labelled(label: string, lines: readonly string[], server: string): string[] {
  const [first] = lines;
  if (first === undefined) return [`@label=${label} :${server} ACK`];
  if (lines.length === 1 || isOneBatch(lines)) return [tagged(first, `label=${label}`), ...lines.slice(1)];
  // A batch inside is a part of ours by its first line alone.
  let inner: string | undefined;
  const inside = lines.map((line) => {
    const [, edge, reference] = / BATCH ([+-])(\S+)/.exec(line) ?? [];
    if (edge === "-") inner = undefined;
    const isInner = edge === "-" || (inner !== undefined && edge === undefined);
    if (edge === "+") inner = reference;
    return isInner ? line : tagged(line, "batch=labelled");
  });
  return [
    `@label=${label} :${server} BATCH +labelled labeled-response`,
    ...inside,
    `:${server} BATCH -labelled`,
  ];
}

function isOneBatch(lines: readonly string[]): boolean {
  const [, reference] = / BATCH \+(\S+)/.exec(lines[0] ?? "") ?? [];
  return reference !== undefined && lines.at(-1)?.endsWith(` BATCH -${reference}`) === true;
}

function tagged(line: string, tag: string): string {
  return line.startsWith("@") ? `@${tag};${line.slice(1)}` : `@${tag} ${line}`;
}
