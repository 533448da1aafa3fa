import type { BusArrival } from "../../../wire/bus.ts";
import { foldName, nickOf, printIrc } from "../../../wire/irc.ts";
import type { Hub } from "./hub.ts";
import type { Holder } from "./leases.ts";
import { Broadcast } from "./line.ts";
import type { ChatSession } from "./session.ts";

/** What processes tell one another, each in the stream of whom it is for. */
type ControlMessage =
  | {
      readonly type: "direct";
      readonly kind: "PRIVMSG" | "NOTICE" | "TAGMSG";
      readonly by: string;
      readonly to: string;
      readonly text: string | undefined;
      readonly tags: readonly (readonly [string, string])[];
      readonly atMs: number;
    }
  | {
      readonly type: "invite";
      readonly by: string;
      readonly to: string;
      readonly room: string;
      readonly atMs: number;
    }
  | { readonly type: "end"; readonly nick: string; readonly token: string; readonly answerTo: string }
  | { readonly type: "ended"; readonly nick: string };

/** Something that one client says to another. */
export type Direct = Pick<Extract<ControlMessage, { type: "direct" }>, "kind" | "to" | "text" | "tags">;

/** How long another process may take to end a connection. */
const endMs = 1_000;

/** What is not about a room: messages from nick to nick, and connections that are ended from elsewhere. */
export class Control {
  readonly #hub: Hub;
  readonly #ending = new Map<string, () => void>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  streamOf(process: string): string {
    return `${this.#hub.options.name}:process:${process}`;
  }

  /**
   * Say something to a nick. Whoever is not here hears nothing: such messages are not kept.
   * @returns who has that nick, if somebody does
   */
  async direct(session: ChatSession, direct: Direct): Promise<Holder | undefined> {
    const holder = await this.#hub.leases.holder(foldName(direct.to));
    if (!holder) return undefined;
    const message = { type: "direct", ...direct, by: session.source, atMs: this.#hub.clock.now() } as const;
    const id = await this.#tell(holder.process, message);
    session.tellBack(directBroadcast(id, message), { isAnswer: true });
    return holder;
  }

  /** Tell somebody that he was invited, wherever he is. */
  async invite(by: string, to: string, room: string): Promise<void> {
    const holder = await this.#hub.leases.holder(foldName(to));
    const atMs = this.#hub.clock.now();
    if (holder) await this.#tell(holder.process, { type: "invite", by, to, room, atMs });
  }

  /** End the connection that holds a nick, wherever it is. Done when nothing more can come from it. */
  async end(nick: string, { process, token }: Holder): Promise<void> {
    if (process === this.#hub.process) {
      await this.#endHere(nick, token);
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ending.set(nick, resolve);
    await this.#tell(process, { type: "end", nick, token, answerTo: this.#hub.process });
    // A process that was killed does not answer; nothing can come from it either.
    const timer = setTimeout(resolve, endMs);
    await promise;
    clearTimeout(timer);
    this.#ending.delete(nick);
  }

  hear({ id, message }: BusArrival): void {
    const heard = JSON.parse(message) as ControlMessage;
    if (heard.type === "ended") this.#ending.get(heard.nick)?.();
    else if (heard.type === "end") {
      void this.#endHere(heard.nick, heard.token).then(() =>
        this.#tell(heard.answerTo, { type: "ended", nick: heard.nick }),
      );
    } else if (heard.type === "invite") {
      const { by, to, room, atMs } = heard;
      const session = this.#hub.byNick(to);
      session?.invitations.set(foldName(room), room);
      const line = printIrc({ source: by, command: "INVITE", params: [to, room] });
      session?.tell(new Broadcast(line, atMs, [["msgid", id]]));
    } else {
      const session = this.#hub.byNick(heard.to);
      if (!session || (heard.kind === "TAGMSG" && !session.understanding.tags)) return;
      session.tell(directBroadcast(id, heard));
      if (heard.kind === "TAGMSG") return;
      const { kind, atMs, text = "" } = heard;
      this.#hub.messages.add({ id, room: session.nick, nick: nickOf(heard.by), text, kind, atMs });
    }
  }

  async #endHere(nick: string, token: string): Promise<void> {
    const session = this.#hub.byNick(nick);
    if (!session || session.token !== token) return;
    session.end("Resumed by another connection");
    await this.#hub.left(session);
  }

  /** The stream of this process is there, and goes when the process does. */
  async begin(): Promise<void> {
    await this.#hub.bus.append(this.#own, "wake");
    await this.keep();
  }

  async keep(): Promise<void> {
    await this.#keep(this.#own);
  }

  async close(): Promise<void> {
    await this.#hub.bus.remove(this.#own);
  }

  get #own(): string {
    return this.streamOf(this.#hub.process);
  }

  /** Long enough for a process that stood still to find what was told to it. */
  async #keep(stream: string): Promise<void> {
    await this.#hub.bus.expire(stream, this.#hub.options.leaseMs * 10);
  }

  async #tell(process: string, message: ControlMessage): Promise<string> {
    const stream = this.streamOf(process);
    const id = await this.#hub.bus.append(stream, JSON.stringify(message), { maxEntries: 10_000 });
    // The process may be gone, and nobody else would end its stream.
    if (process !== this.#hub.process) this.#keep(stream).catch(() => {});
    return id;
  }
}

function directBroadcast(
  id: string,
  { kind, by: source, to, text, tags, atMs }: Direct & { readonly by: string; readonly atMs: number },
): Broadcast {
  const line = printIrc({ source, command: kind, params: [to], text: kind === "TAGMSG" ? undefined : text });
  return new Broadcast(line, atMs, [["msgid", id], ...tags]);
}
