import { unsubscribing } from "../families/publish.ts";

export const unsubscribe = unsubscribing(
  "unsubscribe",
  ({ channels }) => channels,
  (client, channel) => client.engine.channels.unsubscribe(client, channel),
);
