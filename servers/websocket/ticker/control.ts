import { isTickerFault } from "./faults.ts";
import type { Floor } from "./floor.ts";

/** What can be seen of a ticker, and what can be made to go wrong in it, over HTTP: for tests in any language. */
export async function answerControl(
  floor: Floor,
  request: Request,
  path: string,
): Promise<Response | undefined> {
  const { method } = request;
  if (path === "/control/readers" && method === "GET")
    return Response.json({ counters: floor.counters, readers: floor.readers });
  if (path !== "/control/faults") return undefined;
  if (method === "GET") return Response.json(floor.faults.list());
  if (method === "DELETE") {
    floor.faults.clear();
    return new Response(null, { status: 204 });
  }
  if (method !== "POST") return new Response("GET, POST or DELETE\n", { status: 405 });
  let fault: unknown;
  try {
    fault = await request.json();
  } catch {
    fault = undefined;
  }
  const complaint = isTickerFault(fault) ? tryAdding(floor, fault) : 'give a fault: {"kind":"drop","at":3}';
  return complaint === undefined
    ? Response.json(fault, { status: 201 })
    : new Response(`${complaint}\n`, { status: 400 });
}

/** @returns why not */
function tryAdding(floor: Floor, fault: Parameters<Floor["faults"]["add"]>[0]): string | undefined {
  try {
    floor.faults.add(fault);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
