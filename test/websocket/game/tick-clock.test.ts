import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { TickClock } from "../../../servers/websocket/game/tick-clock.ts";
import { tickMs } from "../../../wire/pong/court.ts";

afterEach(() => void vi.useRealTimers());

test("late timers cost nothing: after any time there were as many ticks as belong there", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 100, maxLength: 300 }), (lateMs) => {
      vi.useFakeTimers();
      let nowMs = 1_000;
      const clock = new TickClock({ onTick: () => {}, now: () => nowMs });
      clock.start();
      for (const late of lateMs) {
        // The timer fires, and the time is later than it was set to.
        nowMs += 17 + late;
        vi.advanceTimersToNextTimer();
      }
      expect(clock.ticks).toBe(Math.floor(((nowMs - 1_000) * 60) / 1_000));
      expect(clock.droppedTicks).toBe(0);
      clock.stop();
    }),
    { numRuns: 50 },
  );
});

test("after a sleep of minutes a second is caught up with, and the rest never was", () => {
  vi.useFakeTimers();
  let nowMs = 0;
  const clock = new TickClock({ onTick: () => {}, now: () => nowMs });
  clock.start();
  nowMs += 60_000;
  vi.advanceTimersToNextTimer();
  expect([clock.ticks, clock.droppedTicks]).toEqual([60, 3_540]);
  expect(clock.sinceTickMs).toBeLessThan(tickMs);
  nowMs += 1_000;
  vi.advanceTimersToNextTimer();
  expect(clock.ticks).toBe(120);
  clock.stop();
  vi.advanceTimersByTime(1_000);
  expect(clock.ticks).toBe(120);
});

test("drifts by less than a thousandth in real time", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fromMs = performance.now();
  let ticks = 0;
  const clock = new TickClock({ onTick: () => void (++ticks === 120 && resolve()) });
  clock.start();
  await promise;
  const tookMs = performance.now() - fromMs;
  clock.stop();
  // It is never early; how late the last timer is, is the machine's business.
  expect(tookMs).toBeGreaterThanOrEqual(120 * tickMs - 1);
  expect(clock.ticks).toBeLessThanOrEqual(Math.floor(tookMs / tickMs + 0.001 * 120));
});
