import type { Context } from "hono";
import { toFileError } from "../../ftp/file-system.ts";
import type { Folder } from "../../ftp/folder.ts";
import { isWithin, parentOf } from "../../ftp/paths.ts";
import { userOf } from "../guard.ts";
import { jsonBody, stringField } from "../mail/body.ts";
import { Refusal } from "../refusal.ts";
import { object, ok, ref, text, yes, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import type { FileOccurrence } from "./journal.ts";
import { askedPath, fileFace, filed, newPath, pathQuery, virtualPath } from "./path.ts";
import { fileRefusals, fileShape, flag, isYes } from "./shapes.ts";

/** Folders, names, and what is thrown away. */
export const fileChangeRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/files/folder",
    summary: "Make a folder, and the folders on its way",
    body: object({ Path: text }),
    answers: { 201: { description: "The folder", schema: ref("File") }, ...fileRefusals },
    answer: async (context, services) => {
      const { files } = fileFace(services);
      const path = newPath(stringField(await jsonBody(context, services), "Path"), "Path");
      await filed(path, async () => {
        await files.makeDirectory(parentOf(path));
        await files.fileSystem.makeDirectory(path);
      });
      tell(context, services, { type: "make-directory", path });
      return context.json(fileShape(parentOf(path), await filed(path, () => files.stat(path))), 201);
    },
  },
  {
    method: "POST",
    path: "/api/v1/files/rename",
    summary: "Give a file or folder another name or folder",
    body: object({
      From: text,
      To: text,
      Replace: { ...yes, default: false, description: "Also over a file that is there" },
    }),
    answers: { 200: { description: "Under its new name", schema: ref("File") }, ...fileRefusals },
    answer: async (context, services) => {
      const { files } = fileFace(services);
      const body = await jsonBody(context, services);
      const from = virtualPath(stringField(body, "From"), "From");
      const to = newPath(stringField(body, "To"), "To");
      if (from === "/") throw new Refusal(400, "the root keeps its name");
      if (from !== to && isWithin(to, from))
        throw new Refusal(400, `a folder does not fit into itself: ${to}`);
      await filed(from, async () => {
        if (from !== to && body["Replace"] !== true && (await files.exists(to))) {
          throw new Refusal(409, `the name is taken: ${to}`);
        }
        await files.rename(from, to);
      });
      tell(context, services, { type: "rename", from, path: to });
      return context.json(fileShape(parentOf(to), await filed(to, () => files.stat(to))));
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/files",
    summary: "Delete a file or an empty folder; a full one with everything in it when that is said",
    query: { ...pathQuery, recursive: flag("With everything in it") },
    answers: { 200: ok, ...fileRefusals },
    answer: async (context, services) => {
      const { files } = fileFace(services);
      const path = askedPath(context);
      if (path === "/" && context.req.query("path") === undefined) {
        throw new Refusal(400, "say what to delete in ?path=");
      }
      const type = await filed(path, () => removed(files, path, isYes(context.req.query("recursive"))));
      tell(context, services, { type, path });
      return context.text("ok");
    },
  },
];

/** Remove it, and say what it was. A link goes itself, wherever it leads. */
async function removed(
  files: Folder,
  path: string,
  isRecursive: boolean,
): Promise<"delete" | "remove-directory"> {
  try {
    if (path !== "/") {
      await files.fileSystem.remove(path, "file");
      return "delete";
    }
  } catch (error) {
    if (toFileError(error, path).code !== "EISDIR") throw error;
  }
  if (isRecursive) await files.remove(path);
  else await files.fileSystem.remove(path, "folder");
  return "remove-directory";
}

/** Write it down, by whom. */
function tell(
  context: Context,
  { fileJournal }: Services,
  what: FileOccurrence extends infer One ? (One extends FileOccurrence ? Omit<One, "user"> : never) : never,
): void {
  fileJournal.tell({ ...what, user: userOf(context.req.header("authorization")) });
}
