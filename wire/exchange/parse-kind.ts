import { byteKinds } from "./byte-kinds.ts";
import { dialects } from "./dialects.ts";
import { PayloadProblem } from "./parse-payload.ts";
import { nearest } from "./problem.ts";

/**
 * The name in a header `dialect:`.
 * @param at where it stands in its line, from 0
 * @throws PayloadProblem when there is no such dialect
 */
export function checkDialect(name: string, at: number): void {
  const names = dialects.map((dialect) => dialect.name);
  if (!names.includes(name))
    throw new PayloadProblem(`I don't know the dialect '${name}'`, at, name.length, nearest(name, names));
}

const kinds: readonly string[] = [...byteKinds, ...dialects.flatMap((dialect) => dialect.kinds)];

/**
 * The kind of a line. Whether it is one of the dialect that is spoken is known when there is a connection.
 * @param at where it stands in its line, from 0
 * @throws PayloadProblem when no dialect has it
 */
export function parseKind(kind: string | undefined, at: number): string {
  if (kind === undefined) return "";
  if (kinds.includes(kind)) return kind;
  throw new PayloadProblem(`I don't know the kind '${kind}'`, at, kind.length, nearest(kind, kinds));
}
