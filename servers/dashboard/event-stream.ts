import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";

/** One server-sent event. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly data: unknown;
}

// Proxies and browsers drop a silent connection after a minute or so.
const heartbeatMs = 25_000;

/**
 * Answer with server-sent events for as long as the reader stays and the dashboard runs.
 * @param events what to send; it is given a signal that aborts when either has gone
 */
export function eventStream(
  context: Context,
  closing: AbortSignal,
  events: (signal: AbortSignal) => AsyncGenerator<ServerSentEvent>,
): Response {
  const tell = async (stream: SSEStreamingApi): Promise<void> => {
    const gone = new AbortController();
    const signal = AbortSignal.any([closing, gone.signal]);
    stream.onAbort(() => gone.abort());
    const heartbeat = setInterval(() => void stream.write(": still here\n\n"), heartbeatMs).unref();
    try {
      // The head leaves with the first byte: a reader knows at once that it listens.
      await stream.write(": listening\n\n");
      for await (const { id, data } of events(signal)) {
        await stream.writeSSE({ ...(id ? { id } : {}), data: JSON.stringify(data) });
      }
    } finally {
      clearInterval(heartbeat);
    }
  };
  // What goes wrong ends the stream, with an event of the name `error`; the reader comes back by himself.
  const answer = streamSSE(context, tell, async () => {});
  answer.headers.set("X-Accel-Buffering", "no");
  return answer;
}
