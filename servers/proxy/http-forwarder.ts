import { ByteReader } from "../../wire/byte-reader.ts";
import {
  type BodyLength,
  findHeadEnd,
  HttpViolation,
  parseResponseHead,
  type RequestHead,
  responseBodyLength,
  type ResponseHead,
} from "../../wire/http-head.ts";
import type { ConnectionInterceptor } from "../../wire/interceptor.ts";
import { proxyAuthorization } from "../../wire/proxy-hop.ts";
import { passBody } from "./http-body.ts";
import { printAnswer, printRefusal } from "./http-answer.ts";
import {
  type Asked,
  printForwardedRequest,
  printForwardedResponse,
  type Rewriting,
  urlOf,
  wantsMore,
} from "./http-heads.ts";
import { HttpLeg } from "./http-leg.ts";
import type { Client } from "./house.ts";
import { reach } from "./reach.ts";
import { Refusal } from "./refusal.ts";
import type { RequestEntry } from "./request-log.ts";
import type { Reached } from "./route.ts";

type Absolute = Extract<Asked, { form: "absolute" }>;
const maxFields = 200;

/**
 * Forwards requests for `http://…` of one client. The client's connection stays open as long as it likes; each request
 * gets a connection of its own to its target, so that no answer can be taken for that to another.
 */
export class HttpForwarder {
  readonly #client: Client;
  readonly #toClient = new HttpLeg();
  readonly #toTarget = new HttpLeg();
  #watcher: ConnectionInterceptor | undefined;

  constructor(client: Client) {
    this.#client = client;
    this.#toClient.socket = client.socket;
  }

  /** @returns whether the client may ask for more */
  async forward(head: RequestHead, length: BodyLength, asked: Absolute, user: string): Promise<boolean> {
    const client = this.#client;
    const { method } = head;
    const entry = client.asks({ protocol: "http", method, url: urlOf(asked), ...asked.target, user });
    const { upstream } = client.house.route;
    const next = upstream?.protocol === "http" ? upstream : undefined;
    const dial = next && ((): Promise<Reached> => client.house.route.reachUpstream(next, asked.target));
    const reached = await reach(client, entry, asked.target, dial);
    if (reached instanceof Refusal) {
      client.part(printRefusal(reached, method));
      return false;
    }
    this.#watch();
    const back = new ByteReader(reached.socket);
    this.#toTarget.socket = reached.socket;
    this.#count(entry, back);
    try {
      const target = next ? urlOf(asked) : asked.path;
      const rewriting: Rewriting = { keepsOpen: false, proxyAuthorization: next && proxyAuthorization(next) };
      await this.#toTarget.write(
        Buffer.from(printForwardedRequest(head, target, asked.authority, rewriting), "latin1"),
      );
      return await this.#exchange(head, length, back);
    } finally {
      const { fromClient, fromTarget } = entry.counts;
      entry.counts = { fromClient, fromTarget };
      entry.end();
      reached.socket.destroy();
    }
  }

  close(): void {
    this.#watcher?.closed?.();
    this.#watcher = undefined;
    this.#toClient.close();
    this.#toTarget.close();
  }

  /** The body goes there while the response comes back: a target may answer before it has heard everything. */
  async #exchange(head: RequestHead, length: BodyLength, back: ByteReader): Promise<boolean> {
    const client = this.#client;
    let isSent = false;
    const sending = passBody(client.reader, length, (bytes) => this.#toTarget.write(bytes)).then(
      () => void (isSent = true),
      (error: unknown) => {
        // A target that does not listen any more may still answer; a client that is gone needs no answer.
        if (client.socket.destroyed || error instanceof HttpViolation) back.socket.destroy();
      },
    );
    let hasBegun = false;
    try {
      for (;;) {
        const { response, bodyLength } = await back.read(this.#responseTo(head.method), Infinity);
        const isFinal = response.status >= 200;
        if (!isFinal && head.version === "1.0") continue;
        const keepsOpen = wantsMore(head) && bodyLength !== "until the end";
        // Who asks us to log in there is asking us, not the client.
        const isOurs = response.status === 407 || response.status === 101;
        if (isOurs) throw new HttpViolation(502, `the next server answers ${response.status}`);
        hasBegun = true;
        await this.#toClient.write(Buffer.from(printForwardedResponse(response, { keepsOpen }), "latin1"));
        if (!isFinal) continue;
        await passBody(back, bodyLength, (bytes) => this.#toClient.write(bytes));
        const mayGoOn = keepsOpen && isSent && !client.socket.writableEnded;
        await this.#toClient.finish(!mayGoOn);
        if (!mayGoOn) client.part("");
        return mayGoOn;
      }
    } catch (error) {
      if (client.socket.destroyed) return false;
      const text = error instanceof Error ? error.message : String(error);
      client.note(text);
      // Half an answer must not look like a whole one.
      if (hasBegun) client.socket.resetAndDestroy();
      else client.part(printAnswer({ status: 502, text, method: head.method }));
      return false;
    } finally {
      if (isSent) await sending;
    }
  }

  #responseTo(method: string) {
    const bounds = { maxHeadBytes: this.#client.house.options.maxHeadBytes * 4, maxFields };
    return (
      bytes: Buffer,
    ):
      | { readonly bytes: number; readonly response: ResponseHead; readonly bodyLength: BodyLength }
      | "incomplete" => {
      const end = findHeadEnd(bytes, 0, bounds);
      if (end === -1) return "incomplete";
      const response = parseResponseHead(bytes.toString("latin1", 0, end - 4), bounds);
      return { bytes: end, response, bodyLength: responseBodyLength(response, method) };
    };
  }

  #count(entry: RequestEntry, back: ByteReader): void {
    const { socket } = this.#client;
    const before = socket.bytesRead - socket.readableLength;
    entry.counts = {
      get fromClient() {
        return socket.bytesRead - socket.readableLength - before;
      },
      get fromTarget() {
        return back.socket.bytesRead;
      },
    };
  }

  /** The rules of the proxy stand in both directions, over all requests of the connection. */
  #watch(): void {
    if (this.#watcher) return;
    const client = this.#client;
    const { house, connection, address } = client;
    const incoming = this.#toTarget;
    const outgoing = this.#toClient;
    this.#watcher = house.rules.open({
      connection,
      remoteAddress: address,
      get incoming() {
        return incoming.passage;
      },
      get outgoing() {
        return outgoing.passage;
      },
      note: (event) => client.note(event),
    });
  }
}
