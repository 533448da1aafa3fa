import { describe, expect, test } from "vitest";
import { faceOf, startCompareFixture } from "./compare-fixture.ts";
import { startFixture, type Fixture } from "./fixture.ts";

interface Told {
  readonly Number: number;
  readonly Type: "begin" | "part" | "end";
  readonly Run: number;
  readonly Transport: string;
  readonly Message?: string;
  readonly Part?: {
    readonly Channel: string;
    readonly From: string;
    readonly Title: string;
    readonly Size: number;
    readonly Hex: string;
    readonly Fields: readonly {
      readonly Name: string;
      readonly Value: string;
      readonly Bits: object | null;
    }[];
  };
  readonly ClientBytes?: number;
  readonly ServerBytes?: number;
  readonly Failure?: string;
}

const say = (kit: Fixture, body: object) =>
  kit.call("/compare", { method: "POST", body: JSON.stringify(body) });

/** What the stream tells, until so many transports are done. */
async function told(kit: Fixture, ends: number, headers: Record<string, string> = {}): Promise<Told[]> {
  const answer = await kit.call("/compare/stream", { headers });
  const events: Told[] = [];
  let rest = "";
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const line = /^data: (.*)$/m.exec(block)?.[1];
      if (line) events.push(JSON.parse(line) as Told);
    }
    if (events.filter(({ Type }) => Type === "end").length >= ends) break;
  }
  return events;
}

describe("the comparison over REST", () => {
  test("says a message over the transports that are asked for, and tells the bytes both ways", async () => {
    await using kit = await startCompareFixture();
    const answer = await say(kit, { Message: "Ahoi", Transports: ["websocket", "tcp", "udp"] });
    expect([answer.status, await answer.json()]).toEqual([202, { Run: 1 }]);
    const events = await told(kit, 3);
    const first = events[0]!.Number;
    expect(events.map(({ Number }) => Number)).toEqual(events.map((_, index) => first + index));
    expect(
      events.filter(({ Type }) => Type === "begin").map(({ Transport, Message }) => [Transport, Message]),
    ).toEqual([
      ["websocket", "Ahoi"],
      ["tcp", "Ahoi"],
      ["udp", "Ahoi"],
    ]);
    const frames = events.filter(({ Part }) => Part?.Title.startsWith("text frame"));
    expect(frames.map(({ Part }) => [Part?.From, Part?.Size])).toEqual([
      ["client", 10],
      ["server", 6],
    ]);
    expect(frames[1]?.Part?.Hex).toBe("810441686f69");
    expect(frames[1]?.Part?.Fields.map(({ Name, Value, Bits }) => [Name, Value, Bits])).toEqual([
      ["FIN", "1", { First: 0, Count: 1 }],
      ["RSV1-3", "000", { First: 1, Count: 3 }],
      ["opcode", "0001", { First: 4, Count: 4 }],
      ["MASK", "0", { First: 0, Count: 1 }],
      ["length", "0000100", { First: 1, Count: 7 }],
      ["payload", "Ahoi", null],
    ]);
    const ends = events.filter(({ Type }) => Type === "end");
    expect(ends[1]).toMatchObject({ Transport: "tcp", ClientBytes: 8, ServerBytes: 8, Failure: "" });
    expect(ends[2]).toMatchObject({ Transport: "udp", ClientBytes: 4, ServerBytes: 4, Failure: "" });
  });

  test("does all there are without being asked for some, and each works a second time", async () => {
    await using kit = await startCompareFixture();
    const { Transports } = (await (await kit.call("/compare")).json()) as { Transports: { Name: string }[] };
    const names = Transports.map(({ Name }) => Name);
    expect(names).toEqual(["websocket", "tcp", "tls", "udp", "http", "smtp", "ftp"]);
    for (const Message of ["once", "twice"]) await say(kit, { Message });
    const ends = (await told(kit, 14)).filter(({ Type }) => Type === "end");
    expect(ends.map(({ Transport, Failure }) => [Transport, Failure])).toEqual(
      [...names, ...names].map((name) => [name, ""]),
    );
  });

  test("a message that fits into no datagram fails there and nowhere else; a frame takes its long form", async () => {
    await using kit = await startCompareFixture();
    await say(kit, { Message: "x".repeat(66_000), Transports: ["udp", "websocket"] });
    const events = await told(kit, 2);
    const [udp, websocket] = events.filter(({ Type }) => Type === "end");
    expect(udp?.Failure).toMatch(/EMSGSIZE/);
    expect(websocket?.Failure).toBe("");
    const frame = events.find(({ Part }) => Part?.Title.startsWith("text frame"))?.Part;
    expect(frame?.Fields.find(({ Name }) => Name === "extended length")?.Value).toBe("66000");
    expect([frame?.Size, frame?.Hex.length]).toEqual([66_014, 2_048]);
  });

  test("with Last-Event-ID nothing is told twice, and one of another count is told all", async () => {
    await using kit = await startFixture({ compare: faceOf(async () => 1) });
    await say(kit, { Message: "a" });
    const last = (await told(kit, 1)).at(-1)!.Number;
    await say(kit, { Message: "b" });
    const since = await told(kit, 1, { "Last-Event-ID": String(last) });
    expect(since.map(({ Number, Run }) => [Number, Run])).toEqual([
      [last + 1, 2],
      [last + 2, 2],
    ]);
    // Of a server before this one, and of a clock that was ahead.
    for (const other of [2, last + 1000])
      expect(await told(kit, 2, { "Last-Event-ID": String(other) })).toHaveLength(4);
  });

  test("what goes wrong is told, and what passes after the end is not", async () => {
    let late = (): void => {};
    const compare = faceOf(async (_name, _message, hear) => {
      late = () =>
        hear({
          channel: "c",
          from: "client",
          atMs: 1,
          isOnWire: true,
          part: { title: "late", bytes: Buffer.from("x"), fields: [] },
        });
      throw new Error("the pigeon is lost");
    });
    await using kit = await startFixture({ compare });
    await say(kit, { Message: "a" });
    expect((await told(kit, 1)).at(-1)).toMatchObject({ Type: "end", Failure: "the pigeon is lost" });
    late();
    await say(kit, { Message: "b" });
    expect((await told(kit, 2)).map(({ Type }) => Type)).toEqual(["begin", "end", "begin", "end"]);
  });

  test("too many that wait are refused, and served again later", async () => {
    const gate = Promise.withResolvers<number>();
    await using kit = await startFixture({ compare: faceOf(() => gate.promise) });
    const answers = [];
    for (let count = 0; count < 9; count += 1) answers.push((await say(kit, { Message: "a" })).status);
    expect(answers).toEqual([...Array.from({ length: 8 }, () => 202), 503]);
    gate.resolve(1);
    await told(kit, 8);
    expect((await say(kit, { Message: "a" })).status).toBe(202);
  });

  test.each([
    [{}, /Message is empty/],
    [{ Message: "x".repeat(70_001) }, /70001 bytes; 70000 are the most/],
    [{ Message: 1 }, /Message must be a string/],
    [{ Message: "a", Transports: ["ipx"] }, /there is no transport "ipx"; there are post/],
  ])("refuses what cannot be said: %#", async (body, why) => {
    await using kit = await startFixture({ compare: faceOf(async () => 1) });
    const answer = await say(kit, body);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(why)]);
  });

  test("is answered 501 where there is none, and described with the rest", async () => {
    await using kit = await startFixture();
    for (const path of ["/compare", "/compare/stream"]) expect((await kit.call(path)).status).toBe(501);
    expect((await say(kit, { Message: "a" })).status).toBe(501);
    const description = (await (await kit.call("/openapi.json")).json()) as {
      paths: Record<string, object>;
      components: { schemas: object };
    };
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(["/api/v1/compare", "/api/v1/compare/stream"]),
    );
    expect(description.components.schemas).toHaveProperty("ComparedPart");
  });

  test("a page of somebody else cannot make it speak", async () => {
    await using kit = await startFixture({ compare: faceOf(async () => 1) });
    const headers = { Origin: "http://evil.example" };
    const answer = await kit.call("/compare", { method: "POST", headers, body: '{"Message":"a"}' });
    expect(answer.status).toBe(403);
  });
});
