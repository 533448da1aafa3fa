import { eventStream } from "../event-stream.ts";
import { jsonBody, stringField, stringList } from "../mail/body.ts";
import { wholeNumber } from "../mail/which.ts";
import { Refusal } from "../refusal.ts";
import { badRequest, listOf, object, ref, text, whole, type Answer, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import type { CompareFace } from "./face.ts";
import type { Runs } from "./runs.ts";
import { happeningShape, transportShape } from "./shapes.ts";

/** Longer than a datagram can be, and than the two shorter forms of a frame's length. */
const maxMessageBytes = 70_000;

const none: Readonly<Record<number, Answer>> = { 501: { description: "This dashboard compares nothing" } };

/** One message over every transport, byte by byte. */
export const compareRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/compare",
    summary: "The transports that a message can be said over",
    answers: {
      200: {
        description: "The transports, in the order to look at them",
        schema: object({ Transports: listOf(ref("ComparedTransport")), MaxMessageBytes: whole }),
      },
      ...none,
    },
    answer: async (context, services) => {
      const { face } = comparison(services);
      const transports = await face.transports();
      return context.json({
        Transports: transports.map(transportShape),
        MaxMessageBytes: maxMessageBytes,
      });
    },
  },
  {
    method: "POST",
    path: "/api/v1/compare",
    summary: "Say a message over the transports, one after the other; what passes comes over the stream",
    body: object({
      Message: text,
      Transports: { ...listOf(text), description: "Only over these" },
    }),
    answers: {
      202: { description: "It begins, or waits for its turn", schema: object({ Run: whole }) },
      400: badRequest,
      ...none,
      503: { description: "Too many messages wait already" },
    },
    answer: async (context, services) => {
      const { face, runs } = comparison(services);
      const body = await jsonBody(context, services);
      const message = stringField(body, "Message");
      const length = Buffer.byteLength(message);
      if (length === 0) throw new Refusal(400, "Message is empty; give it something to say");
      if (length > maxMessageBytes) {
        throw new Refusal(400, `Message has ${length} bytes; ${maxMessageBytes} are the most`);
      }
      const known = (await face.transports()).map(({ name }) => name);
      const asked = stringList(body, "Transports");
      const unknown = asked.find((name) => !known.includes(name));
      if (unknown !== undefined) {
        throw new Refusal(400, `there is no transport "${unknown}"; there are ${known.join(", ")}`);
      }
      return context.json({ Run: runs.start(message, asked.length > 0 ? asked : known) }, 202);
    },
  },
  {
    method: "GET",
    path: "/api/v1/compare/stream",
    summary: "What passes, kept and from now on, as server-sent events; Last-Event-ID resumes",
    query: { after: { ...whole, description: "Only what happened after this; the id of an event" } },
    answers: {
      200: { description: "A ComparedEvent for each `begin`, `part` and `end`", type: "text/event-stream" },
      ...none,
    },
    answer: (context, services) => {
      const { runs } = comparison(services);
      const last = Number(context.req.header("last-event-id") ?? Number.NaN);
      const place = Number.isSafeInteger(last) ? last : wholeNumber(context, "after", 0);
      return eventStream(context, services.closing, async function* (signal) {
        for await (const burst of runs.after(place, signal)) {
          for (const one of burst) yield { id: String(one.number), data: happeningShape(one) };
        }
      });
    },
  },
];

/** @throws Refusal 501 when there is none */
function comparison({ settings, runs }: Services): { readonly face: CompareFace; readonly runs: Runs } {
  if (!settings.compare || !runs) throw new Refusal(501, "this dashboard was started without a comparison");
  return { face: settings.compare, runs };
}
