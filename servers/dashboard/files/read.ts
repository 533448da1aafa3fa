import type { Context } from "hono";
import type { FileEntry } from "../../ftp/file-system.ts";
import { parentOf } from "../../ftp/paths.ts";
import { wholeNumber } from "../mail/which.ts";
import { Refusal } from "../refusal.ts";
import { listOf, object, ref, text, whole, type Route } from "../route.ts";
import { askedPath, fileFace, filed, pathQuery } from "./path.ts";
import { fileRefusals, fileShape } from "./shapes.ts";

const mostEntries = 10_000;

/** What there is: folders and what is known of a file. */
export const fileReadRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/files",
    summary: "What a folder holds, folders first",
    query: {
      ...pathQuery,
      sort: { type: "string", enum: ["name", "size", "time"], default: "name" },
      order: { type: "string", enum: ["up", "down"], default: "up" },
      start: { ...whole, default: 0 },
      limit: { ...whole, default: 1000, maximum: mostEntries },
    },
    answers: {
      200: {
        description: "A page of the folder",
        schema: object({ Path: text, Total: whole, Start: whole, Entries: listOf(ref("File")) }),
      },
      ...fileRefusals,
    },
    answer: async (context, services) => {
      const path = askedPath(context);
      const entries = await filed(path, () => fileFace(services).files.list(path));
      const start = wholeNumber(context, "start", 0);
      const limit = Math.min(wholeNumber(context, "limit", 1000) || 1000, mostEntries);
      const shown = sorted(entries, context).slice(start, start + limit);
      return context.json({
        Path: path,
        Total: entries.length,
        Start: start,
        Entries: shown.map((entry) => fileShape(path, entry)),
      });
    },
  },
  {
    method: "GET",
    path: "/api/v1/files/stat",
    summary: "What is known of a file or folder",
    query: pathQuery,
    answers: { 200: { description: "The file", schema: ref("File") }, ...fileRefusals },
    answer: async (context, services) => {
      const path = askedPath(context);
      const entry = await filed(path, () => fileFace(services).files.stat(path));
      return context.json(fileShape(parentOf(path), entry));
    },
  },
];

const names = new Intl.Collator("en", { numeric: true });

/** By what they are sorted; the same in size or time are by name. */
const orders: Readonly<Record<string, (a: FileEntry, b: FileEntry) => number>> = {
  name: (a, b) => names.compare(a.name, b.name),
  size: (a, b) => a.size - b.size || names.compare(a.name, b.name),
  time: (a, b) => a.modifiedMs - b.modifiedMs || names.compare(a.name, b.name),
};

function sorted(entries: readonly FileEntry[], context: Context): FileEntry[] {
  const sort = context.req.query("sort") ?? "name";
  const compare = orders[sort];
  if (!compare) throw new Refusal(400, `sort must be name, size or time, got ${JSON.stringify(sort)}`);
  const direction = context.req.query("order") === "down" ? -1 : 1;
  const rank = (entry: FileEntry): number => (entry.type === "folder" ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b) || direction * compare(a, b));
}
