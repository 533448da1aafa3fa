import { expect, test } from "vitest";
import { runSchedules } from "../../../scripts/bench/websocket/wrong-books.ts";

/*
 * 10,000 schedules of faults, by their seeds: messages dropped, doubled and swapped, silence, resets, snapshots that are
 * too old, books that are crossed. After every message a book that a client believes in is the one that the server had
 * then, in both dialects; and when the faults are over, every client has one again.
 */
test.each(Array.from({ length: 10 }, (_, index) => index * 1_000))(
  "no client believes in a wrong book, schedules %i and 999 more",
  { timeout: 180_000 },
  (from) => {
    const { compared, wrong, noticed, unrecovered } = runSchedules(from, from + 1_000);
    expect({ wrong, unrecovered }).toEqual({ wrong: 0, unrecovered: 0 });
    expect(compared).toBeGreaterThan(500_000);
    expect(noticed).toBeGreaterThan(2_000);
  },
);
