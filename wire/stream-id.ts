/** Whether an id of a bus's stream comes after another: two numbers, the time and a count within it. */
export function isLaterId(id: string, other: string): boolean {
  const [ms = 0, count = 0] = id.split("-").map(Number);
  const [otherMs = 0, otherCount = 0] = other.split("-").map(Number);
  return ms === otherMs ? count > otherCount : ms > otherMs;
}
