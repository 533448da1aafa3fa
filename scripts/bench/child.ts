import { answerRequests } from "../asked-process.ts";

/**
 * In a process that a bench started: say that it is ready, and answer what it is asked, one request after the other.
 * The process ends with the bench.
 */
export function answerBench(ready: { readonly port?: number }, answer: (request: never) => unknown): void {
  answerRequests(ready, (request) => reply(request, answer));
}

async function reply(request: unknown, answer: (request: never) => unknown): Promise<unknown> {
  if (request !== "collect garbage") return await answer(request as never);
  // Twice, and a while apart: what the first collection frees with callbacks is gone after the second.
  for (let pass = 0; pass < 2; pass += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}
