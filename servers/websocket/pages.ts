import { foreignness } from "../pages/guard.ts";
import type { ResolvedWebSocketOptions } from "./options.ts";
import type { Sites } from "./sites.ts";

/** Answer what is asked over HTTP: the pages of the sites, and what they answer themselves. */
export async function answerPages(
  request: Request,
  sites: Sites,
  options: ResolvedWebSocketOptions,
): Promise<Response> {
  const { method, headers } = request;
  const reason = foreignness({ method, header: (name) => headers.get(name) ?? undefined }, options);
  const answer = reason === undefined ? await answerFrom(request, sites) : said(403, reason);
  answer.headers.set("X-Content-Type-Options", "nosniff");
  answer.headers.set("Referrer-Policy", "no-referrer");
  const origin = headers.get("origin");
  if (origin !== null && options.allowedOrigins.some((own) => own === origin || own === "*")) {
    answer.headers.set("Access-Control-Allow-Origin", origin);
    answer.headers.set("Vary", "Origin");
  } else answer.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (!answer.headers.has("Cache-Control")) answer.headers.set("Cache-Control", "no-store");
  return answer;
}

async function answerFrom(request: Request, sites: Sites): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const place = sites.find(pathname);
  if (!place) return said(404, "There is nothing at this path.");
  const { site, path } = place;
  // Relative addresses in a page need the slash at the end of its path.
  if (path === "") return new Response(null, { status: 307, headers: { Location: `${pathname}/${search}` } });
  const own = await site.answer?.(request, path);
  if (own) return own;
  const isRead = request.method === "GET" || request.method === "HEAD";
  return (
    (isRead ? await site.page?.answer(request, path) : undefined) ??
    said(404, "There is nothing at this path.")
  );
}

const said = (status: number, reason: string): Response => new Response(`${reason}\n`, { status });
