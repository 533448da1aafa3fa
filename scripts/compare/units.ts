/** A time in words, with three digits: `0.119 ms`, `41.7 ms`. */
export function millisecondsText(milliseconds: number): string {
  return `${threeDigits(milliseconds)} ms`;
}

export function microsecondsText(microseconds: number): string {
  return `${Math.round(microseconds)} µs`;
}

export function bytesText(bytes: number): string {
  return bytes < 1_000 ? `${Math.round(bytes)} B` : `${threeDigits(bytes / 1_000)} KB`;
}

export function ratioText(ratio: number): string {
  return `${threeDigits(ratio)} ×`;
}

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(value >= 1 ? 2 : 3);
}
