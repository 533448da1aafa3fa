import { unsubscribing } from "../families/publish.ts";

export const pUnsubscribe = unsubscribing(
  "punsubscribe",
  ({ patterns }) => patterns,
  (client, pattern) => client.engine.channels.unsubscribePattern(client, pattern),
);
