import type { Context } from "hono";
import type { FileWriter } from "../../ftp/file-system.ts";
import { toFileError } from "../../ftp/file-system.ts";
import { parentOf } from "../../ftp/paths.ts";
import { userOf } from "../guard.ts";
import type { FileFace } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { ref, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { fileFace, filed, newPath, pathQuery } from "./path.ts";
import { fileRefusals, fileShape, flag, isYes } from "./shapes.ts";

/** Uploads over REST. */
export const fileUploadRoutes: readonly Route[] = [
  {
    method: "PUT",
    path: "/api/v1/files/content",
    summary: "Write a file with the bytes of the body, and the folders on its way",
    query: {
      ...pathQuery,
      new: flag("Refuse with 409 when the name is taken, rather than replace the file"),
    },
    bodyType: "application/octet-stream",
    answers: {
      200: { description: "The file, which replaced another", schema: ref("File") },
      201: { description: "The new file", schema: ref("File") },
      ...fileRefusals,
      413: { description: "Larger than `maxUploadBytes`" },
      507: { description: "No space left, or over the quota" },
    },
    answer: async (context, services) => {
      const face = fileFace(services);
      const path = newPath(context.req.query("path") ?? "", "path");
      refuseLarge(Number(context.req.header("content-length") ?? 0), services);
      const isNew = !(await face.files.exists(path).catch(() => false));
      await filed(path, async () => {
        await face.files.makeDirectory(parentOf(path));
        await receive(context, services, path, isNew);
      });
      const entry = await filed(path, () => face.files.stat(path));
      return context.json(fileShape(parentOf(path), entry), isNew ? 201 : 200);
    },
  },
];

function refuseLarge(bytes: number, { settings }: Services): void {
  if (bytes <= settings.maxUploadBytes) return;
  throw new Refusal(
    413,
    `the file is larger than ${settings.maxUploadBytes} bytes; start the dashboard with a larger maxUploadBytes`,
  );
}

/** Write the body, and tell in the journal how it went. */
async function receive(context: Context, services: Services, path: string, isNew: boolean): Promise<void> {
  const face = fileFace(services);
  const mustBeNew = isYes(context.req.query("new"));
  const writer = await face.files.fileSystem.write(path, mustBeNew ? { isNew: true } : {});
  const startedMs = performance.now();
  const about = {
    type: "upload",
    path,
    user: userOf(context.req.header("authorization")),
    startAt: 0,
  } as const;
  const journal = services.fileJournal;
  journal.tell({ ...about, state: "started", bytes: 0, durationMs: 0 });
  let bytes = 0;
  const told = (): { bytes: number; durationMs: number } => ({
    bytes,
    durationMs: performance.now() - startedMs,
  });
  try {
    for await (const chunk of context.req.raw.body ?? []) {
      bytes += chunk.byteLength;
      refuseLarge(bytes, services);
      await writer.write(chunk);
    }
    await writer.finish();
  } catch (error) {
    await giveUp(face, writer, path, isNew);
    const reason = reasonOf(error, path);
    journal.tell({ ...about, ...told(), state: "aborted", reason });
    throw error;
  }
  journal.tell({ ...about, ...told(), state: "finished" });
}

/** Over FTP half a file stays, to be resumed; here it would look whole, and nobody can resume it. */
async function giveUp(face: FileFace, writer: FileWriter, path: string, isNew: boolean): Promise<void> {
  await writer.abort();
  if (!isNew) return;
  try {
    await face.files.fileSystem.remove(path, "file");
  } catch (error) {
    if (toFileError(error, path).code !== "ENOENT") throw error;
  }
}

function reasonOf(error: unknown, path: string): string {
  if (error instanceof Refusal) return error.message;
  const { code, message } = toFileError(error, path);
  return code === "EIO" ? "the connection broke off" : message;
}
