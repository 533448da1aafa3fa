import { barOf, redrawnLine } from "../progress-bar.ts";

/** How far a run of many is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly elapsedMs: number;
}

/** From this count on, a bar is worth its line. */
export const worthShowing = 50;

/** A line such as `[########----]  512/1000  2340/s, 3 failed`. */
export function progressLine({ done, total, failed, elapsedMs }: Progress): string {
  const perSecond = elapsedMs > 0 ? Math.round((done / elapsedMs) * 1_000) : 0;
  const count = String(done).padStart(String(total).length);
  return `${barOf(done / total)} ${count}/${total}  ${perSecond}/s${failed > 0 ? `, ${failed} failed` : ""}`;
}

/** A bar on one line of the terminal, drawn at most ten times a second. The first redraw erases what was there. */
export function progressBar(
  terminal: NodeJS.WritableStream,
  total: number,
): (progress: { readonly sent: number; readonly failed: number }) => void {
  const startMs = performance.now();
  const draw = redrawnLine(terminal);
  return ({ sent, failed }) => {
    const done = sent + failed;
    const elapsedMs = performance.now() - startMs;
    draw(progressLine({ done, total, failed, elapsedMs }), done === total);
  };
}
