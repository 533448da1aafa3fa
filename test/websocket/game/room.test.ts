import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replay } from "../../../wire/pong/log.ts";
import { stateHash } from "../../../wire/pong/state.ts";
import { anyDirection } from "./arbitrary.ts";
import { VirtualGame, VirtualPlayer } from "./virtual-game.ts";

const second = 1_000;

function two(house: ConstructorParameters<typeof VirtualGame>[0] = {}) {
  const game = new VirtualGame(house);
  const ada = new VirtualPlayer(game, "Ada");
  const bob = new VirtualPlayer(game, "Bob");
  const { room } = ada.place;
  return { game, ada, bob, room };
}

describe("a room", () => {
  test("waits for the second player, counts down and plays", () => {
    const game = new VirtualGame();
    const ada = new VirtualPlayer(game, "Ada");
    const { room } = ada.place;
    game.pass(second);
    expect(room.state.phase).toBe("waiting");
    const bob = new VirtualPlayer(game, "Bob");
    expect(bob.place.room).toBe(room);
    expect(room.state).toMatchObject({ phase: "countdown", until: 30 });
    game.pass(second);
    expect(room.state.phase).toBe("playing");
    expect(game.events.map(({ type }) => type)).toEqual(["opened", "joined", "joined", "phase", "phase"]);
  });

  test("pauses when a connection is lost, and goes on when the token comes back", () => {
    const { game, ada, bob, room } = two();
    game.pass(second);
    const { ball } = room.state;
    bob.lose();
    expect(room.state).toMatchObject({ phase: "paused", until: 120, ball });
    game.pass(second);
    expect(room.state).toMatchObject({ phase: "paused", ball });
    const token = bob.player.welcome!.token!;
    const again = new VirtualPlayer(game, "nobody", { token });
    expect(again.place.seat).toMatchObject({ name: "Bob", side: 1 });
    expect(room.state).toMatchObject({ phase: "countdown", ball });
    game.pass(600);
    expect(room.state.phase).toBe("playing");
    expect(again.player.players?.players[1]).toMatchObject({ name: "Bob", isHere: true });
    expect(ada.heard.some((message) => message.type === "players" && !message.players[1]?.isHere)).toBe(true);
  });

  test("is lost by who stays away, and the token is worth nothing then", () => {
    const { game, bob, room } = two();
    game.pass(second);
    bob.lose();
    game.pass(2 * second + 50);
    expect(room.state).toMatchObject({ phase: "over", winner: 0 });
    expect(room.seats[1]).toBeUndefined();
    expect(() => new VirtualPlayer(game, "Bob", { token: bob.player.welcome!.token! })).toThrow(
      "no seat has this token",
    );
  });

  test("is gone when both stay away", () => {
    const { game, ada, bob } = two();
    game.pass(second);
    ada.lose();
    game.pass(500);
    bob.lose();
    game.pass(3 * second);
    expect(game.lobby.rooms.size).toBe(0);
    expect(game.events.at(-1)).toEqual({ type: "closed", room: "Table 1" });
  });

  test("gives a seat to the newest connection with its token, without a pause", () => {
    const { game, bob, room } = two();
    game.pass(second);
    const again = new VirtualPlayer(game, "Bob", { token: bob.player.welcome!.token! });
    expect(bob.isReplaced).toBe(true);
    expect(room.state.phase).toBe("playing");
    expect(room.seats[1]?.member).toBe(again);
  });

  test("begins anew when both want a rematch", () => {
    const { game, ada, bob, room } = two({ rules: { pointsToWin: 1, serveTicks: 30, resumeTicks: 120 } });
    ada.steer(-1);
    bob.steer(-1);
    while (room.state.phase !== "over") game.pass(100, () => [ada, bob].forEach((one) => one.frame()));
    expect(Math.max(...room.state.score)).toBe(1);
    room.rematch(ada.place.seat!);
    room.rematch(ada.place.seat!);
    game.pass(100);
    expect(room.state.phase).toBe("over");
    room.rematch(bob.place.seat!);
    expect(room.state).toMatchObject({ phase: "countdown", score: [0, 0], winner: undefined });
  });

  test("is won by the other one when a player leaves", () => {
    const { game, ada, room } = two();
    game.pass(second);
    game.lobby.leave(ada, ada.place, false);
    expect(room.state).toMatchObject({ phase: "over", winner: 1 });
    expect(room.freeSide).toBe(0);
  });

  test("is watched by as many as may, who are told the same", () => {
    const { game, room } = two({ maxSpectators: 1 });
    const eve = new VirtualPlayer(game, "Eve", { as: "spectator", form: "binary" });
    expect(eve.place).toEqual({ room, seat: undefined });
    game.pass(second);
    const { tick } = eve.player.snapshot!;
    const { random: _random, ...told } = replay(room.log, tick);
    expect(eve.player.snapshot).toMatchObject(told);
    expect(() => new VirtualPlayer(game, "Mallory", { as: "spectator" })).toThrow("too many are watching");
  });

  test("remembers as many events as it may, and replays from there", () => {
    const { game, ada, room } = two({ maxLogEvents: 10 });
    for (let n = 0; n < 30; n++) {
      ada.steer(n % 2 === 0 ? 1 : -1);
      game.pass(100, () => ada.frame());
    }
    expect(room.log.events.length).toBeLessThanOrEqual(10);
    expect(room.log.from.tick).toBeGreaterThan(0);
    expect(stateHash(replay(room.log, room.state.tick))).toBe(stateHash(room.state));
  });
});

describe("an input", () => {
  test("that is late, early, repeated or too frequent moves nothing", () => {
    const anyInput = fc.record({
      kind: fc.constantFrom("late", "early", "repeated", "frequent"),
      direction: anyDirection,
      by: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (inputs, gapMs) => {
        const { game, ada, room } = two();
        game.pass(2 * second);
        const seat = ada.place.seat!;
        room.input(seat, { type: "input", seq: 1, tick: room.state.tick, direction: 0 });
        game.pass(100);
        const undisturbed = room.log;
        for (const { kind, direction, by } of inputs) {
          const { tick } = room.state;
          const input = { type: "input", seq: seat.gate.lastSeq + 1, direction } as const;
          if (kind === "late") room.input(seat, { ...input, tick: Math.max(0, tick - 12 - by) });
          else if (kind === "early") room.input(seat, { ...input, tick: tick + 60 + by });
          else if (kind === "repeated")
            room.input(seat, { ...input, seq: Math.max(1, seat.gate.lastSeq - by), tick });
          else {
            // All the credit is spent on inputs that say what is so already.
            while (
              room.input(seat, { ...input, seq: seat.gate.lastSeq + 1, tick, direction: 0 }) !== "frequent"
            );
            expect(room.input(seat, { ...input, seq: seat.gate.lastSeq + 1, tick })).toBe("frequent");
          }
          game.pass(gapMs);
        }
        game.pass(200);
        expect(room.log.events).toEqual(undisturbed.events);
        expect(stateHash(room.state)).toBe(stateHash(replay(undisturbed, room.state.tick)));
      }),
      { numRuns: 60 },
    );
  });

  test("waits for its tick", () => {
    const { game, ada, room } = two();
    game.pass(second);
    const { tick } = room.state;
    room.input(ada.place.seat!, { type: "input", seq: 1, tick: tick + 30, direction: 1 });
    expect(ada.place.seat!.gate.ack).toBe(0);
    game.pass(450);
    expect(room.state.directions[0]).toBe(0);
    game.pass(100);
    expect(room.state.directions[0]).toBe(1);
    expect(ada.place.seat!.gate.ack).toBe(1);
    expect(room.log.events.find(({ type }) => type === "steer")).toMatchObject({ tick: tick + 30 });
  });
});

describe("snapshots", () => {
  test("come 20 times a second: in full when somebody joins and each second, as deltas otherwise", () => {
    const { game, ada } = two();
    game.pass(1);
    expect(ada.heard.filter(({ type }) => type === "snapshot")).toHaveLength(1);
    ada.heard.length = 0;
    game.pass(3 * second);
    const told = ada.heard.filter(({ type }) => type === "snapshot" || type === "delta");
    expect(told.length).toBe(60);
    // One a second, and the first for who has just come: there is nothing yet that a delta could be about.
    expect(told.filter(({ type }) => type === "snapshot")).toHaveLength(4);
  });

  test("to a slow client are skipped, never queued; the first one after that is in full", () => {
    const { game, ada, bob, room } = two();
    game.pass(second);
    ada.unsentBytes = 1_000;
    ada.heard.length = 0;
    game.pass(2 * second);
    expect(ada.heard).toEqual([]);
    expect(room.caster.counts.skipped).toBe(40);
    ada.unsentBytes = 0;
    game.pass(60);
    expect(ada.heard.map(({ type }) => type)).toEqual(["snapshot"]);
    expect(ada.player.snapshot).toEqual(bob.player.snapshot);
  });

  test("are the state, also when they are put together from deltas", () => {
    const { game, ada, bob, room } = two();
    const eve = new VirtualPlayer(game, "Eve", { as: "spectator", form: "binary" });
    for (let n = 0; n < 60; n++) {
      ada.steer(((n % 3) - 1) as -1 | 0 | 1);
      game.pass(100, () => [ada, bob, eve].forEach((one) => one.frame()));
      expect(ada.player.snapshot).toEqual(eve.player.snapshot);
      expect(replay(room.log, eve.player.snapshot!.tick).ball).toEqual(eve.player.snapshot!.ball);
    }
    expect(eve.player.statistics.deltas).toBeGreaterThan(80);
  });
});

describe("the lobby", () => {
  test("opens as many rooms as it may, brings strangers together, and finds games to watch", () => {
    const game = new VirtualGame();
    expect(() => new VirtualPlayer(game, "Eve", { as: "spectator" })).toThrow("no such game");
    for (let n = 0; n < 20; n++) void new VirtualPlayer(game, `P${n}`);
    expect(game.lobby.rooms.size).toBe(10);
    expect(() => new VirtualPlayer(game, "P20")).toThrow("there are 10 rooms");
    expect(new VirtualPlayer(game, "Eve", { as: "spectator" }).place.room.name).toBe("Table 1");
  });

  test("is told when its list changes, a few times a second at most", () => {
    const game = new VirtualGame();
    const told: number[] = [];
    const leave = game.lobby.enter((rooms) => void told.push(rooms.length));
    expect(told).toEqual([0]);
    for (let n = 0; n < 8; n++) void new VirtualPlayer(game, `P${n}`);
    game.pass(300);
    expect(told).toEqual([0, 4]);
    leave();
    void new VirtualPlayer(game, "P9");
    game.pass(300);
    expect(told).toHaveLength(2);
  });
});
