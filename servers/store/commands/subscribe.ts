import { subscribing } from "../families/publish.ts";

export const subscribe = subscribing("subscribe", (client, channel) =>
  client.engine.channels.subscribe(client, channel),
);
