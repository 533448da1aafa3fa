import { describe, expect, test } from "vitest";
import { letter, startFixture, type Fixture } from "./fixture.ts";

interface Told {
  readonly id: string | undefined;
  readonly Type: string;
  readonly Data: { readonly Subject?: string; readonly ID?: string; readonly Total?: number };
}

/** Read server-sent events until the reader stops. */
async function* listen(kit: Fixture, path: string, lastEventId = ""): AsyncGenerator<Told> {
  const gone = new AbortController();
  const headers = lastEventId ? { "Last-Event-ID": lastEventId } : {};
  const answer = await kit.call(path, { headers, signal: gone.signal });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  let text = "";
  try {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(event)?.[1];
        const data = field("data");
        if (data) yield { id: field("id"), ...(JSON.parse(data) as Omit<Told, "id">) };
      }
    }
  } finally {
    gone.abort();
  }
}

async function take(events: AsyncGenerator<Told>, type: string): Promise<Told> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`the stream ended before ${type}`);
    if (value.Type === type) return value;
  }
}

describe("GET /api/v1/stream", () => {
  test("tells of new, changed and deleted mails", async () => {
    await using kit = await startFixture();
    const events = listen(kit, "/stream");
    expect((await take(events, "stats")).Data).toMatchObject({ Total: 0 });
    const first = await kit.arrive(letter("one"));
    expect((await take(events, "new")).Data).toMatchObject({ ID: first.id, Subject: "one", Read: false });
    await kit.arrive(letter("two"));
    await take(events, "new");
    await kit.mailbox.mark([first.id], { isRead: true });
    expect((await take(events, "update")).Data).toEqual({ ID: first.id, Read: true, Tags: [] });
    expect((await take(events, "stats")).Data).toMatchObject({ Total: 2, Unread: 1 });
    await kit.mailbox.remove([first.id]);
    expect((await take(events, "delete")).Data).toEqual({ ID: first.id });
    await kit.mailbox.remove({});
    await take(events, "truncate");
    await events.return(undefined);
  });

  test("loses none over a reconnect", async () => {
    await using kit = await startFixture();
    const before = listen(kit, "/stream");
    await take(before, "stats");
    await kit.arrive(letter("seen"));
    const { id } = await take(before, "new");
    await before.return(undefined);
    for (const subject of ["missed 1", "missed 2"]) await kit.arrive(letter(subject));
    const after = listen(kit, "/stream", id);
    expect((await take(after, "new")).Data.Subject).toBe("missed 1");
    expect((await take(after, "new")).Data.Subject).toBe("missed 2");
    await kit.arrive(letter("next"));
    expect((await take(after, "new")).Data.Subject).toBe("next");
    await after.return(undefined);
  });

  test("loses none over a restart of the dashboard: what the journal has not, the mailbox has", async () => {
    await using kit = await startFixture();
    await kit.arrive(letter("seen"));
    const missed = Array.from({ length: 450 }, (_, index) => `missed ${index}`);
    for (const subject of missed) await kit.arrive(letter(subject));
    const events = listen(kit, "/stream", "0badcafe-7-1");
    await take(events, "prune");
    const told: (string | undefined)[] = [];
    while (told.length < missed.length) told.push((await take(events, "new")).Data.Subject);
    expect(told).toEqual(missed);
    await kit.arrive(letter("next"));
    expect((await take(events, "new")).Data.Subject).toBe("next");
    await events.return(undefined);
  });

  test("ends when the dashboard closes", async () => {
    await using kit = await startFixture();
    const events = listen(kit, "/stream");
    await take(events, "stats");
    await kit.dashboard.close({ graceMs: 10_000 });
    expect((await events.next()).done).toBe(true);
  });
});

describe("GET /api/v1/wire/stream", () => {
  test("gives what was said and what is said, and resumes", async () => {
    await using kit = await startFixture();
    kit.recorder.record(1, "S", "220 hello", 0);
    const gone = new AbortController();
    const answer = await kit.call("/wire/stream", { signal: gone.signal });
    const chunks = answer.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    let text = "";
    const until = async (part: string) => {
      while (!text.includes(part)) text += (await chunks.next()).value ?? "";
    };
    await until('"220 hello"');
    kit.recorder.record(1, "C", "EHLO x", 0);
    await until('"EHLO x"');
    gone.abort();
    const again = await kit.call("/wire/stream", { headers: { "Last-Event-ID": "1" } });
    const rest = again.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    let tail = "";
    while (!tail.includes("EHLO x")) tail += (await rest.next()).value ?? "";
    expect(tail).not.toContain("220 hello");
  });
});
