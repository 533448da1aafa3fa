/** How far a run of many is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly elapsedMs: number;
}

/** From this count on, a bar is worth its line. */
export const worthShowing = 50;
const barWidth = 24;
const redrawMs = 100;

/** A line such as `[########----]  512/1000  2340/s, 3 failed`. */
export function progressLine({ done, total, failed, elapsedMs }: Progress): string {
  const filled = Math.floor((done / total) * barWidth);
  const bar = "#".repeat(filled) + "-".repeat(barWidth - filled);
  const perSecond = elapsedMs > 0 ? Math.round((done / elapsedMs) * 1_000) : 0;
  const count = String(done).padStart(String(total).length);
  return `[${bar}] ${count}/${total}  ${perSecond}/s${failed > 0 ? `, ${failed} failed` : ""}`;
}

/** A bar on one line of the terminal, drawn at most ten times a second. The first redraw erases what was there. */
export function progressBar(
  terminal: NodeJS.WritableStream,
  total: number,
): (progress: { readonly sent: number; readonly failed: number }) => void {
  const startMs = performance.now();
  let drawnMs = 0;
  return ({ sent, failed }) => {
    const nowMs = performance.now();
    const done = sent + failed;
    if (done < total && nowMs - drawnMs < redrawMs) return;
    drawnMs = nowMs;
    const line = progressLine({ done, total, failed, elapsedMs: nowMs - startMs });
    terminal.write(`\r\u001B[K${line}${done === total ? "\n" : ""}`);
  };
}
