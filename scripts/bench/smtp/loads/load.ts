import { answerBench } from "../../child.ts";

/** What a load generator is asked: do `count` things, `sessions` of them at a time. */
export interface LoadRequest {
  readonly port: number;
  readonly count: number;
  readonly sessions: number;
}

export interface LoadAnswer {
  readonly seconds: number;
}

/** Be a load generator: each session does one thing after the other until all are done. */
export function generateLoad(session: (port: number, next: () => boolean) => Promise<void>): void {
  answerBench({}, async ({ port, count, sessions }: LoadRequest): Promise<LoadAnswer> => {
    let left = count;
    const next = (): boolean => (left -= 1) >= 0;
    const begin = performance.now();
    await Promise.all(Array.from({ length: sessions }, () => session(port, next)));
    return { seconds: (performance.now() - begin) / 1_000 };
  });
}
