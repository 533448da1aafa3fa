import type { Duplex } from "node:stream";
import { listMembers } from "../../wire/http-fields.ts";
import type { House } from "./house.ts";
import { type Answer, answerOf, textAnswer, type WebHandler } from "./reply.ts";
import type { WebRequest } from "./request.ts";
import { isScript, type Script } from "./script.ts";
import { statusText } from "./status.ts";

/** What becomes of a request. */
export type Outcome = Answer | Script;

const knownMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/**
 * Find out who answers a request, and what: the upgrade hook, a route, a file, or nobody.
 * @param accept switches the connection to another protocol
 */
export function answerRequest(
  request: WebRequest,
  house: House,
  accept: (headers: Readonly<Record<string, string>>) => Duplex,
): Outcome | Promise<Outcome> {
  const { onUpgrade } = house.options;
  if (!onUpgrade || !wantsUpgrade(request)) return findAnswer(request, house);
  return (async () => {
    let isAccepted = false;
    const asked = await settled(request, async () => {
      await onUpgrade(request, (headers = {}) => {
        isAccepted = true;
        return accept({ connection: "Upgrade", upgrade: request.header("upgrade") ?? "", ...headers });
      });
      return undefined;
    });
    // With the connection handed over nobody answers any more; an error before that is an answer.
    if (isAccepted || request.error) return asked;
    return await findAnswer(request, house);
  })();
}

function findAnswer(request: WebRequest, { routes, files }: House): Outcome | Promise<Outcome> {
  const { method, path } = request;
  const match = routes.isEmpty ? undefined : routes.find(method, path);
  if (match && "handler" in match) {
    request.params = match.params;
    return settled(request, match.handler);
  }
  if (!knownMethods.includes(method)) return textAnswer(501, `${statusText(501)}: ${method}\n`);
  const isRead = method === "GET" || method === "HEAD";
  if (files && isRead) {
    const found = fileAnswer(request, () => files.answer(request));
    if (found) return found;
  }
  const allowed = [...(match?.allowed ?? []), ...(files ? ["GET"] : [])];
  if (allowed.length === 0 || (isRead && match === undefined))
    return textAnswer(404, `${statusText(404)}: ${path}\n`);
  const allow = [...new Set([...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].join(
    ", ",
  );
  if (method === "OPTIONS") return { ...answerOf(undefined), fields: ["allow", allow] };
  return textAnswer(405, `${statusText(405)}: ${method}; allowed are ${allow}\n`, ["allow", allow]);
}

/** What a handler gives, as an outcome; what it throws, as 500 and in the log. */
function settled(request: WebRequest, handler: WebHandler): Outcome | Promise<Outcome> {
  const failed = (error: unknown): Outcome => {
    request.error = error instanceof Error ? error : new Error(String(error));
    return textAnswer(500, `${statusText(500)}: ${request.error.message}\n`);
  };
  const outcome = (reply: Awaited<ReturnType<WebHandler>>): Outcome =>
    isScript(reply) ? reply : answerOf(reply);
  try {
    const reply = handler(request);
    return reply instanceof Promise ? reply.then(outcome).catch(failed) : outcome(reply);
  } catch (error) {
    return failed(error);
  }
}

function fileAnswer(
  request: WebRequest,
  look: () => Answer | Promise<Answer> | undefined,
): Outcome | Promise<Outcome> | undefined {
  const failed = (error: unknown): Answer => {
    request.error = error instanceof Error ? error : new Error(String(error));
    return textAnswer(500, `${statusText(500)}\n`);
  };
  try {
    const found = look();
    return found instanceof Promise ? found.catch(failed) : found;
  } catch (error) {
    return failed(error);
  }
}

function wantsUpgrade({ fields, version, hasBody }: WebRequest): boolean {
  if (version === "1.0" || hasBody || !fields.has("upgrade")) return false;
  return listMembers(fields.get("connection")).includes("upgrade");
}
