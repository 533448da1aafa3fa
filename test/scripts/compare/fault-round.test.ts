import { expect, test } from "vitest";
import { type FaultResult, faultRound } from "../../../scripts/compare/fault-round.ts";

test("the fault round sees what each transport leaves to the application", async () => {
  const results = await faultRound();
  const of = (fault: string): readonly FaultResult[] => results.filter((result) => result.fault === fault);
  // A stall is silence, over every stream: nobody is told.
  expect(of("the link stalls").map(({ saw }) => saw)).toEqual(Array(5).fill("nothing"));
  for (const { saw, afterMs } of of("the connection is reset")) {
    expect(saw).toMatch(/ECONNRESET/);
    expect(afterMs).toBeGreaterThan(0);
  }
  // Half an answer is never taken for a whole one.
  for (const { saw } of of("half of an answer comes, and the end")) {
    expect(saw).not.toBe("the answer");
    expect(saw).not.toBe("nothing");
  }
  expect(of("datagrams are lost")[0]?.saw).toMatch(/^\d+ of 200 answers missing$/);
  expect(of("datagrams come twice")[0]?.saw).toMatch(/^\d+ of 200 answers twice$/);
  expect(of("datagrams overtake one another")[0]?.saw).toMatch(/^\d+ of 200 answers behind a later one$/);
  // Where a network of one's own is to be had, TCP loses packets, and the application no answer.
  for (const { saw } of of("3 of 100 packets are lost")) expect(saw).toMatch(/^all \d+ answers, in order/);
});
