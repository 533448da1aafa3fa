import { describe, expect, test } from "vitest";
import { connectBus, connectStore } from "../../../clients/store/index.ts";
import { openBus, startStore } from "../../../servers/store/index.ts";
import { startChat } from "../../../servers/websocket/index.ts";
import type { Bus } from "../../../wire/bus.ts";
import { Person } from "./person.ts";

interface Counting {
  readonly bus: Bus;
  /** How often the time of a key began anew. */
  readonly timesOf: (key: string) => number;
  /** From now on that does not happen any more; the result lets it go on. */
  readonly standStill: () => () => void;
}

function counting(bus: Bus): Counting {
  const times = new Map<string, number>();
  let gate: Promise<void> | undefined;
  const expire: Bus["expire"] = async (key, ttlMs, options) => {
    await gate;
    const isThere = await bus.expire(key, ttlMs, options);
    const kind = key.replace(/:[0-9a-f]{12}$/, "");
    times.set(kind, (times.get(kind) ?? 0) + 1);
    return isThere;
  };
  const standStill = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { bus: { ...bus, expire }, timesOf: (key) => times.get(key) ?? 0, standStill };
}

describe("a process that stood still", () => {
  test("takes no nick back from somebody who has it now, and none along when it goes", async () => {
    await using store = openBus();
    const { bus, timesOf, standStill } = counting(store);
    await using here = await startChat({ bus, leaseMs: 60 });
    await using there = await startChat({ bus: store });
    await using cy = await Person.at(there, "cy");
    await cy.joins("#tea");
    await using ann = await Person.at(here, "ann");
    await ann.joins("#tea");
    const goOn = standStill();
    // What becomes of a lease that nobody renews.
    await store.remove("chat:nick:ann");
    await using other = await Person.at(there, "ann");
    await other.joins("#tea");
    other.say("PING 1");
    await other.hears(/PONG/);
    const written = await store.get("chat:nick:ann");
    goOn();
    await ann.hears(/^ERROR .*Nick taken/);
    await ann.end();
    const renewed = timesOf("chat:process");
    await expect.poll(() => timesOf("chat:process")).toBeGreaterThan(renewed + 1);
    expect(await store.get("chat:nick:ann")).toBe(written);
    cy.say("PRIVMSG ann :still there?", "NAMES #tea");
    await other.hears(/PRIVMSG ann :still there/);
    expect(await cy.hears(/ 353 /)).toMatch(/:@cy ann$/);
    expect(cy.lines.some((line) => line.includes(" QUIT "))).toBe(false);
  });

  test("has its nicks again when nobody wanted them", async () => {
    await using bus = openBus();
    await using chat = await startChat({ bus, leaseMs: 60 });
    await using ann = await Person.at(chat, "ann");
    const written = await bus.get("chat:nick:ann");
    await bus.remove("chat:nick:ann");
    await expect.poll(() => bus.get("chat:nick:ann")).toBe(written);
    ann.say("PING here");
    await ann.hears(/PONG/);
  });

  test("gives back only what is its own", async () => {
    await using bus = openBus();
    await using chat = await startChat({ bus });
    await using ann = await Person.at(chat, "ann");
    const other = JSON.stringify({ process: "elsewhere", session: 1, token: "another one" });
    await bus.set("chat:nick:ann", other);
    ann.say("QUIT");
    await ann.end();
    await chat.close();
    expect(await bus.get("chat:nick:ann")).toBe(other);
  });
});

describe("what a chat leaves on the bus", () => {
  test("a room is there as long as somebody is in it, and for its time after that", async () => {
    await using store = openBus();
    const { bus, timesOf } = counting(store);
    const stream = "chat:room:#tea";
    await using chat = await startChat({ bus, leaseMs: 60, emptyRoomMs: 700 });
    await using ann = await Person.at(chat, "ann", "echo-message");
    await ann.joins("#tea");
    ann.say("PRIVMSG #tea :hello");
    await ann.hears(/:hello$/);
    // By then its time would have been over.
    await expect.poll(() => timesOf(stream), { timeout: 10_000 }).toBeGreaterThan(5);
    expect(await store.range(stream)).toHaveLength(2);
    ann.say("PART #tea");
    await ann.hears(/ PART /);
    expect(await store.range(stream)).toHaveLength(3);
    await expect.poll(() => store.range(stream), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => store.get("chat:state:#tea"), { timeout: 10_000 }).toBeUndefined();
    await ann.joins("#tea");
    expect(chat.rooms[0]?.members).toEqual([{ nick: "ann", isOperator: true }]);
  });

  test("ends by itself, whatever became of the process", async () => {
    await using store = await startStore();
    await using client = await connectStore({ url: store.url });
    await using bus = await connectBus({ url: store.url });
    const keys = async (): Promise<readonly string[]> => {
      const reply = await client.call("KEYS", "*");
      return reply.type === "array" ? reply.items.map((item) => (item.type === "bulk" ? item.text : "")) : [];
    };
    await using chat = await startChat({ bus });
    await using ann = await Person.at(chat, "ann");
    await ann.joins("#tea");
    ann.say("PRIVMSG ann :hello", "PING 1");
    await ann.hears(/PONG/);
    const there = await keys();
    expect(there.map((key) => key.replace(/[0-9a-f]{12}$/, "…")).toSorted()).toEqual([
      "chat:lives:…",
      "chat:nick:ann",
      "chat:process:…",
      "chat:room:#tea",
      "chat:rooms",
      "chat:state:#tea",
    ]);
    for (const key of there) {
      const left = await client.call("PTTL", key);
      expect(left.type === "integer" && Number(left.value), key).toBeGreaterThan(0);
    }
    await chat.close();
    expect((await keys()).toSorted()).toEqual(["chat:room:#tea", "chat:rooms", "chat:state:#tea"]);
  });

  test("a room cannot be kept for less than the time in which it is told to stay", async () => {
    await expect(startChat({ emptyRoomMs: 1_000 })).rejects.toThrow(TypeError);
  });
});
