const barWidth = 24;
const redrawMs = 100;

/** A bar of 24 places, of which a part is filled: `[######------------------]`. */
export function barOf(part: number): string {
  const filled = Math.floor(part * barWidth);
  return `[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}]`;
}

/**
 * A line that is drawn over itself, at most ten times a second, and stays when it is the last one.
 * @returns draws it
 */
export function redrawnLine(terminal: NodeJS.WritableStream): (line: string, isLast: boolean) => void {
  let drawnMs = 0;
  return (line, isLast) => {
    const nowMs = performance.now();
    if (!isLast && nowMs - drawnMs < redrawMs) return;
    drawnMs = nowMs;
    terminal.write(`\r\u001B[K${line}${isLast ? "\n" : ""}`);
  };
}
