import type { Client } from "./client.ts";
import { matcher } from "./pattern.ts";
import { bulk, push } from "./reply.ts";

interface Pattern {
  readonly matches: (channel: string) => boolean;
  readonly clients: Set<Client>;
}

/** Publish and subscribe. A message goes to those who are subscribed at that moment, and is kept nowhere. */
export class Channels {
  readonly channels = new Map<string, Set<Client>>();
  readonly patterns = new Map<string, Pattern>();

  subscribe(client: Client, channel: string): void {
    client.channels.add(channel);
    const clients = this.channels.get(channel);
    if (clients) clients.add(client);
    else this.channels.set(channel, new Set([client]));
  }

  unsubscribe(client: Client, channel: string): void {
    client.channels.delete(channel);
    const clients = this.channels.get(channel);
    clients?.delete(client);
    if (clients?.size === 0) this.channels.delete(channel);
  }

  subscribePattern(client: Client, pattern: string): void {
    client.patterns.add(pattern);
    const known = this.patterns.get(pattern);
    if (known) known.clients.add(client);
    else this.patterns.set(pattern, { matches: matcher(pattern), clients: new Set([client]) });
  }

  unsubscribePattern(client: Client, pattern: string): void {
    client.patterns.delete(pattern);
    const known = this.patterns.get(pattern);
    known?.clients.delete(client);
    if (known?.clients.size === 0) this.patterns.delete(pattern);
  }

  /** @returns how often it was delivered */
  publish(channel: string, message: string): number {
    let delivered = 0;
    const clients = this.channels.get(channel);
    if (clients) {
      const parts = [bulk("message"), bulk(channel), bulk(message)];
      // At most one text for each version of the protocol, however many there are who hear it.
      const texts = [undefined, undefined] as (string | undefined)[];
      for (const client of clients) {
        client.line?.push((texts[client.version - 2] ??= push(client.version, parts)));
        delivered++;
      }
    }
    for (const [name, { matches, clients }] of this.patterns) {
      if (!matches(channel)) continue;
      const parts = [bulk("pmessage"), bulk(name), bulk(channel), bulk(message)];
      for (const client of clients) {
        client.line?.push(push(client.version, parts));
        delivered++;
      }
    }
    return delivered;
  }

  /** Somebody is gone. */
  forget(client: Client): void {
    for (const channel of client.channels) this.unsubscribe(client, channel);
    for (const pattern of client.patterns) this.unsubscribePattern(client, pattern);
  }
}
