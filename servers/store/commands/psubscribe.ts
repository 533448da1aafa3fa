import { subscribing } from "../families/publish.ts";

export const pSubscribe = subscribing("psubscribe", (client, pattern) =>
  client.engine.channels.subscribePattern(client, pattern),
);
