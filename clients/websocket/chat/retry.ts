import { setTimeout as delay } from "node:timers/promises";
import type { ResolvedChatClientOptions } from "./options.ts";

/** Wait before a connection is made again, longer each time. @param attempt how many were made in vain */
export async function waitToRetry(
  attempt: number,
  { retryDelayMs, maxRetryDelayMs }: ResolvedChatClientOptions,
  signal: AbortSignal,
): Promise<void> {
  const longestMs = Math.min(retryDelayMs * 2 ** Math.min(attempt, 20), maxRetryDelayMs);
  // Half of it is left to chance, so that all clients of a server that was away do not come at once.
  await delay(longestMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
}
