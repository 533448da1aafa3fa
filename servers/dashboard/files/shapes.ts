import { mimes } from "hono/utils/mime";
import type { FileEntry } from "../../ftp/file-system.ts";
import { joinPath } from "../../ftp/paths.ts";
import { object, text, whole, yes, type Answer, type Schema } from "../route.ts";
import type { FileChange } from "./journal.ts";

/** A file or folder as the REST writes it. */
export const fileShape = (folder: string, entry: FileEntry) => ({
  Name: entry.name,
  Path: entry.name === "" ? "/" : joinPath(folder, entry.name),
  Type: entry.type,
  Size: entry.size,
  Modified: new Date(entry.modifiedMs).toISOString(),
  Mode: entry.mode.toString(8).padStart(4, "0"),
  ContentType: entry.type === "file" ? contentType(entry.name) : "",
});

/** The media types by the endings of names; a `Map`, because a file may be called `a.constructor`. */
const types = new Map(
  Object.entries({
    ...mimes,
    // What that table leaves out and tests often move about.
    log: "text/plain; charset=utf-8",
    md: "text/markdown; charset=utf-8",
    toml: "application/toml",
    yaml: "application/yaml",
    yml: "application/yaml",
  }),
);

/** The media type that a name promises; what is inside may be something else. */
export const contentType = (name: string): string =>
  types.get(/\.([a-z\d]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "") ?? "application/octet-stream";

/** One line of the log as the REST writes it. */
export const changeShape = ({ number, atMs, via, occurrence }: FileChange) => ({
  Number: number,
  At: new Date(atMs).toISOString(),
  Via: via,
  Connection: occurrence.session,
  User: occurrence.user,
  Type: occurrence.type,
  Path: "path" in occurrence ? occurrence.path : "",
  From: "from" in occurrence ? occurrence.from : "",
  Outcome: outcomeOf(occurrence),
  Bytes: "bytes" in occurrence ? occurrence.bytes : 0,
  StartAt: "startAt" in occurrence ? occurrence.startAt : 0,
  DurationMs: "durationMs" in occurrence ? Math.round(occurrence.durationMs * 1000) / 1000 : 0,
  Reason: "reason" in occurrence ? (occurrence.reason ?? "") : "",
});

function outcomeOf(occurrence: FileChange["occurrence"]): string {
  if ("state" in occurrence) return occurrence.state;
  if (occurrence.type === "login") return occurrence.isAccepted ? "accepted" : "refused";
  return "finished";
}

const time: Schema = { type: "string", format: "date-time" };

/** The shapes that the routes of files name with `ref`. */
export const fileSchemas: Readonly<Record<string, Schema>> = {
  File: object({
    Name: text,
    Path: text,
    Type: { type: "string", enum: ["file", "folder", "link", "other"] },
    Size: whole,
    Modified: time,
    Mode: text,
    ContentType: text,
  }),
  FileChange: object({
    Number: whole,
    At: time,
    Via: { type: "string", enum: ["ftp", "rest"] },
    Connection: { ...whole, description: "The connection on the wire; 0 over REST" },
    User: text,
    Type: {
      type: "string",
      enum: [
        "upload",
        "download",
        "rename",
        "delete",
        "make-directory",
        "remove-directory",
        "change",
        "login",
      ],
    },
    Path: text,
    From: { ...text, description: "The old path, when it was renamed" },
    Outcome: { type: "string", enum: ["started", "finished", "aborted", "accepted", "refused"] },
    Bytes: whole,
    StartAt: whole,
    DurationMs: { type: "number" },
    Reason: { ...text, description: "Why it was aborted" },
  }),
};

/** What every call about files may be answered when it cannot be done. */
export const fileRefusals: Readonly<Record<number, Answer>> = {
  400: { description: "What is wrong with the request, as a sentence" },
  403: { description: "The file system does not allow it" },
  404: { description: "No such file or folder" },
  409: { description: "The name is taken, or a folder is where a file should be, or the other way round" },
  501: { description: "This dashboard shows no file server" },
};

export const isYes = (value: string | undefined): boolean => value !== undefined && value !== "0";
export const flag = (description: string): Schema => ({ ...yes, default: false, description });
