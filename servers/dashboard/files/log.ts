import { eventStream } from "../event-stream.ts";
import { wholeNumber } from "../mail/which.ts";
import { listOf, object, ref, text, whole, type Route } from "../route.ts";
import type { FileJournal } from "./journal.ts";
import { fileFace } from "./path.ts";
import { changeShape, fileRefusals } from "./shapes.ts";

const noFiles = { 501: fileRefusals[501] ?? { description: "" } };

/** Who did what with the files: as kept, and as it goes on. */
export const fileLogRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/files/log",
    summary: "The transfer log: who uploaded, downloaded, renamed and deleted what, oldest first",
    query: {
      after: { ...whole, description: "Only what has a larger number" },
      type: { ...text, description: "Only of this type: `upload`" },
      user: { ...text, description: "Only of this user" },
      path: { ...text, description: "Only of this path" },
      limit: { ...whole, default: 1000, description: "So many of the newest" },
    },
    answers: {
      200: { description: "The changes", schema: object({ Changes: listOf(ref("FileChange")) }) },
      ...noFiles,
    },
    answer: (context, services) => {
      fileFace(services);
      const after = wholeNumber(context, "after", 0);
      const limit = wholeNumber(context, "limit", 1000) || 1000;
      const { type, user, path } = context.req.query();
      const fits = (asked: string | undefined, value: string): boolean =>
        asked === undefined || asked === value;
      const changes = services.fileJournal
        .list()
        .filter(({ number }) => number > after)
        .map(changeShape)
        .filter((change) => fits(type, change.Type) && fits(user, change.User) && fits(path, change.Path));
      return context.json({ Changes: changes.slice(-limit) });
    },
  },
  {
    method: "GET",
    path: "/api/v1/files/stream",
    summary: "Changes of the files as server-sent events; with Last-Event-ID none is lost over a reconnect",
    query: { after: { ...text, description: "The same as Last-Event-ID, for who cannot send a header" } },
    answers: {
      200: {
        description:
          "Events {Type, Data}: `start` at once, `change` with a FileChange, `prune` when more changed than is told",
        type: "text/event-stream",
      },
      ...noFiles,
    },
    answer: (context, services) => {
      fileFace(services);
      const journal = services.fileJournal;
      const last = context.req.header("last-event-id") ?? context.req.query("after") ?? "";
      const place = placeOf(last, journal);
      return eventStream(context, services.closing, async function* (signal) {
        // An event at once, so that a reader who is cut off before the first change knows where he was.
        yield {
          id: `${journal.run}-${Math.max(place, 0)}`,
          data: { Type: "start", Data: { Number: journal.number } },
        };
        for await (const { changes, isGap } of journal.after(place, signal)) {
          if (isGap) yield { data: { Type: "prune", Data: null } };
          for (const change of changes) {
            yield {
              id: `${journal.run}-${change.number}`,
              data: { Type: "change", Data: changeShape(change) },
            };
          }
        }
      });
    },
  },
];

/** The number that a `Last-Event-ID` names; before everything when it is of another run, here when it is none. */
function placeOf(printed: string, journal: FileJournal): number {
  const [, run, number] = /^([0-9a-f]+)-(\d+)$/.exec(printed) ?? [];
  if (run === undefined) return journal.number;
  return run === journal.run ? Number(number) : -1;
}
