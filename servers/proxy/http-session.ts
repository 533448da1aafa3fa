import {
  type BodyLength,
  findHeadEnd,
  type HeadBounds,
  HttpViolation,
  parseRequestHead,
  requestBodyLength,
  type RequestHead,
} from "../../wire/http-head.ts";
import { printAnswer, printLoginAsked, printRefusal } from "./http-answer.ts";
import { HttpForwarder } from "./http-forwarder.ts";
import { type Asked, askedBy, wantsMore } from "./http-heads.ts";
import type { Client } from "./house.ts";
import { reach } from "./reach.ts";
import { Refusal } from "./refusal.ts";
import { runTunnel } from "./tunnel.ts";
import { parseBasic } from "./users.ts";

/** Fields of one head. */
const maxFields = 100;

/** HTTP: requests one after the other until one is CONNECT, or the last. */
export async function serveHttp(client: Client): Promise<void> {
  const forwarder = new HttpForwarder(client);
  try {
    while (await serveRequest(client, forwarder)) {
      // Between two requests a client may be silent as long as in a tunnel.
      client.deadline(false);
      if ((await client.reader.peek()) === undefined) {
        client.part("");
        return;
      }
      client.deadline(true);
    }
  } catch (error) {
    if (!(error instanceof HttpViolation)) throw error;
    client.note(error.message);
    client.part(printAnswer({ status: error.status, text: error.message }));
  } finally {
    forwarder.close();
  }
}

/** @returns whether the next request may come */
async function serveRequest(client: Client, forwarder: HttpForwarder): Promise<boolean> {
  const { maxHeadBytes } = client.house.options;
  const { head, length } = await client.reader.read(requestIn({ maxHeadBytes, maxFields }), Infinity);
  client.deadline(false);
  const user = userOf(client, head);
  if (user === undefined) {
    client.note(`${head.method} ${head.target} without a user and a password that are known here`);
    const keepsOpen = wantsMore(head) && length === 0;
    const answer = printLoginAsked(head.method, keepsOpen);
    if (keepsOpen) client.socket.write(answer);
    else client.part(answer);
    return keepsOpen;
  }
  const asked = askedBy(head);
  const own = ownAnswer(head, asked);
  if (own) {
    client.note(`${head.method} ${head.target}: ${own.status}`);
    client.part(printAnswer({ ...own, method: head.method }));
    return false;
  }
  if (asked.form === "absolute") return await forwarder.forward(head, length, asked, user);
  if (asked.form === "connect") {
    forwarder.close();
    await openTunnel(client, asked, user);
  }
  return false;
}

/** A request that the proxy answers itself. */
function ownAnswer(
  { method, fields }: RequestHead,
  asked: Asked,
): { readonly status: number; readonly text: string } | undefined {
  if (asked.form === "neither") return { status: 400, text: asked.why };
  // It would give back the secrets that we take out.
  if (method === "TRACE") return { status: 405, text: "TRACE is not forwarded" };
  // RFC 9110 section 7.6.2.
  if (method === "OPTIONS" && fields.get("max-forwards") === "0")
    return { status: 200, text: "this is a proxy" };
  return undefined;
}

async function openTunnel(
  client: Client,
  { target }: Extract<Asked, { form: "connect" }>,
  user: string,
): Promise<void> {
  const entry = client.asks({ protocol: "connect", ...target, user });
  const reached = await reach(client, entry, target);
  if (reached instanceof Refusal) client.part(printRefusal(reached, "CONNECT"));
  else await runTunnel(client, reached.socket, entry, "HTTP/1.1 200 Connection established\r\n\r\n");
}

/** @returns the user, empty where nobody is asked; undefined for somebody who is not known */
function userOf({ house }: Client, { fields }: RequestHead): string | undefined {
  if (!house.users.areAsked) return "";
  const login = parseBasic(fields.get("proxy-authorization"));
  return login && house.users.knows(login.user, login.password) ? login.user : undefined;
}

function requestIn(bounds: HeadBounds) {
  return (
    bytes: Buffer,
  ): { readonly bytes: number; readonly head: RequestHead; readonly length: BodyLength } | "incomplete" => {
    const end = findHeadEnd(bytes, 0, bounds);
    if (end === -1) return "incomplete";
    const head = parseRequestHead(bytes.toString("latin1", 0, end - 4), bounds);
    // What follows CONNECT is for the target, whatever a length says (RFC 9110 section 9.3.6).
    return { bytes: end, head, length: head.method === "CONNECT" ? 0 : requestBodyLength(head) };
  };
}
