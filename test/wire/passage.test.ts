import fc from "fast-check";
import { expect, test } from "vitest";
import { effectOf, type Fault } from "../../wire/exchange/faults.ts";
import { Passage } from "../../wire/passage.ts";

const firing = { text: "", connection: 1, remoteAddress: "::1", sender: "", occurrence: 1, draw: () => 0.5 };

function passage(): {
  readonly passage: Passage;
  readonly heard: () => string;
  readonly ended: Promise<void>;
} {
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const made = new Passage({
    write: (bytes) => void chunks.push(Buffer.from(bytes)),
    end: resolve,
    reset: resolve,
  });
  return { passage: made, heard: () => Buffer.concat(chunks).toString("latin1"), ended: promise };
}

const harmless = fc.constantFrom<Fault>(
  { fault: "latency", latencyMs: 2 },
  { fault: "slicer", averageBytes: 3, variationBytes: 1 },
  { fault: "bandwidth", bytesPerSecond: 1_000_000 },
  { fault: "slow_close", delayMs: 1 },
  { fault: "loss", lossPercent: 60, retransmitMs: 0.1 },
);

test("bytes come out as they went in, in order, whatever stages hold them and come and go", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(harmless, fc.constant("take one out"), fc.uint8Array({ maxLength: 40 })), {
        maxLength: 30,
      }),
      async (steps) => {
        const { passage: through, heard, ended } = passage();
        const stages: (() => void)[] = [];
        let said = "";
        for (const step of steps) {
          if (typeof step === "string") stages.shift()?.();
          else if (step instanceof Uint8Array) {
            said += Buffer.from(step).toString("latin1");
            through.write(Buffer.from(step));
          } else stages.push(through.add(effectOf(step).stage!(firing)));
        }
        through.end();
        await ended;
        expect(heard()).toBe(said);
        expect(through.heldBytes).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

test("limit_data lets exactly so many bytes through, however they are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.nat(100), (chunks, bytes) => {
      const { passage: through, heard } = passage();
      through.add(effectOf({ fault: "limit_data", bytes }).stage!(firing));
      for (const chunk of chunks) through.write(Buffer.from(chunk));
      const all = Buffer.concat(chunks).toString("latin1");
      expect(heard()).toBe(all.slice(0, bytes));
    }),
  );
});
