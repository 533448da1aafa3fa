import type { Context } from "hono";
import { partOf } from "../../smtp/letter/attachment.ts";
import type { Attachment } from "../../smtp/letter.ts";
import { notFound } from "../refusal.ts";
import { missing, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { mailOfPath } from "./message.ts";
import { whichMails } from "./which.ts";

/** The parts of a mail. */
export const partsRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/message/{ID}/part/{PartID}",
    summary: "The bytes of an attachment or picture, with its type",
    query: whichMails,
    answers: { 200: { description: "The part", type: "application/octet-stream" }, 404: missing },
    answer: async (context, services) => partResponse(context, await partOfPath(context, services)),
  },
  {
    method: "GET",
    path: "/api/v1/message/{ID}/part/{PartID}/thumb",
    summary: "A picture to show as a thumbnail: the picture itself, or a blank one for other types",
    query: whichMails,
    answers: { 200: { description: "A picture", type: "image/*" }, 404: missing },
    answer: async (context, services) => {
      const part = await partOfPath(context, services);
      if (isPlainPicture(part.type)) return partResponse(context, part);
      return context.body(blankPicture, 200, { "Content-Type": "image/gif" });
    },
  },
];

async function partOfPath(context: Context, services: Services): Promise<Attachment> {
  const mail = await mailOfPath(context, services);
  const part = partOf(mail.raw, context.req.param("PartID") ?? "");
  if (!part) throw notFound();
  return part;
}

const isPlainPicture = (type: string): boolean => /^image\/(?!svg)/.test(type);

function partResponse(context: Context, part: Attachment): Response {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(part.type) ? part.type : "application/octet-stream";
  // The sender chose name and type: whatever could run a script on our origin is shown in a sandbox.
  const isHarmless = isPlainPicture(type) || /^(audio|video)\/|^application\/pdf$|^text\/plain$/.test(type);
  return context.body(new Uint8Array(part.content), 200, {
    "Content-Type": type.startsWith("text/") ? `${type}; charset=utf-8` : type,
    "Content-Disposition": `inline; filename*=UTF-8''${encodeURIComponent(part.name || `part-${part.partId}`)}`,
    ...(isHarmless
      ? {}
      : { "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'" }),
  });
}

/** A transparent GIF of one pixel. */
const blankPicture = new Uint8Array(
  Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64"),
);
