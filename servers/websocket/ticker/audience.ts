import type { Publicity } from "./publisher.ts";
import type { Reader } from "./reader.ts";
import { Frame } from "../frame.ts";
import { combined } from "./exchange-dialect.ts";
import type { Publication } from "./topic.ts";

/** A publication as it leaves: its frames are built once, and only those that somebody is sent. */
export class Issue {
  readonly publication: Publication;
  #plain: Frame | undefined;
  #combined: Frame | undefined;

  constructor(publication: Publication) {
    this.publication = publication;
  }

  /** @param isCombined whether the connection is told the name of the stream too */
  frame(isCombined: boolean): Frame {
    const { topic, text } = this.publication;
    return isCombined
      ? (this.#combined ??= new Frame(combined(topic, text)))
      : (this.#plain ??= new Frame(text));
  }
}

/** Who subscribed to which topics. */
export class Audience implements Publicity {
  readonly #topics = new Map<string, Set<Reader>>();
  #published = 0;

  /** How many messages were published; what nobody listens to is none. */
  get published(): number {
    return this.#published;
  }

  hasSubscribers(topic: string): boolean {
    return this.#topics.has(topic);
  }

  subscribe(reader: Reader, topic: string): void {
    const readers = this.#topics.get(topic);
    if (readers) readers.add(reader);
    else this.#topics.set(topic, new Set([reader]));
    reader.topics.add(topic);
  }

  unsubscribe(reader: Reader, topic: string): void {
    const readers = this.#topics.get(topic);
    readers?.delete(reader);
    if (readers?.size === 0) this.#topics.delete(topic);
    reader.topics.delete(topic);
  }

  leave(reader: Reader): void {
    for (const topic of reader.topics) this.unsubscribe(reader, topic);
  }

  publish(publication: Publication): void {
    const readers = this.#topics.get(publication.topic);
    if (readers === undefined) return;
    this.#published++;
    const issue = new Issue(publication);
    for (const reader of readers) reader.deliver(issue);
  }
}
