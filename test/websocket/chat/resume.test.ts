import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChatClient, connectChat } from "../../../clients/websocket/index.ts";
import { startInterposer } from "../../../servers/exchange/index.ts";
import type { FaultRule } from "../../../wire/exchange/rule.ts";
import { type ChatServer, startChat } from "../../../servers/websocket/index.ts";

const quick = {
  retryDelayMs: 2,
  maxRetryDelayMs: 20,
  pingIntervalMs: 60,
  // A busy machine's own time is no silence.
  pongTimeoutMs: 150,
  connectTimeoutMs: 500,
};

/** What somebody has heard in the room, up to a text. */
async function heardUntil(client: ChatClient, last: string): Promise<string[]> {
  const heard: string[] = [];
  for await (const { text } of client.messages()) {
    heard.push(text);
    if (text === last) break;
  }
  return heard;
}

/** Everybody has heard the same, each message once, and those of each speaker in the order in which he said them. */
async function expectTheSame(clients: readonly ChatClient[], said: readonly string[]): Promise<void> {
  await clients[0]!.say("#tea", "the end");
  const heard = await Promise.all(clients.map((client) => heardUntil(client, "the end")));
  expect(heard[0]!.toSorted()).toEqual([...said, "the end"].toSorted());
  for (const other of heard) expect(other).toEqual(heard[0]);
  for (const nick of ["ann", "bob", "cy"]) {
    const own = (texts: readonly string[]): string[] => texts.filter((text) => text.startsWith(nick));
    expect(own(heard[0]!)).toEqual(own(said));
  }
}

type Step =
  | { readonly who: 0 | 1 | 2; readonly does: "say" }
  | { readonly who: 0 | 1 | 2; readonly does: "rst" | "fin" | "silence" };

const who = fc.constantFrom(0 as const, 1 as const, 2 as const);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ who, does: fc.constant("say" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        who,
        does: fc.constantFrom("rst" as const, "fin" as const, "silence" as const),
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

test("whoever is cut off, whenever: nothing lost, nothing doubled, one order for all", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const chat = await startChat();
      await using end = { [Symbol.asyncDispose]: () => chat.close({ graceMs: 0 }) };
      void end;
      const rooms = ["#tea"];
      await using ann = await connectChat({ url: chat.url, nick: "ann", rooms, ...quick });
      await using bob = await connectChat({ url: chat.streamUrl, nick: "bob", rooms, ...quick });
      await using cy = await connectChat({ url: chat.url, nick: "cy", rooms, ...quick });
      const clients = [ann, bob, cy];
      const said: string[] = [];
      const saying: Promise<string>[] = [];
      for (const [index, { who, does }] of script.entries()) {
        const client = clients[who]!;
        if (does === "say") {
          const text = `${client.nick} ${index}`;
          said.push(text);
          saying.push(client.say("#tea", text));
        } else if (client.isOpen) dropIfThere(chat, client.nick, does);
        // The wire gets a turn now and then, so that cuts come in the middle of things.
        if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const ids = await Promise.all(saying);
      expect(new Set(ids).size).toBe(said.length);
      await expectTheSame(clients, said);
    }),
    { numRuns: 20, ...(process.env["SEED"] ? { seed: Number(process.env["SEED"]) } : {}) },
  );
});

function dropIfThere(chat: ChatServer, nick: string, how: "rst" | "fin" | "silence"): void {
  try {
    chat.dropConnection(nick, how);
  } catch {
    // It is gone already, and its client does not know yet.
  }
}

describe("through an interposer", () => {
  const seventh = { on: /PRIVMSG/, times: { every: 7 } } as const;
  const faults: readonly (readonly [string, FaultRule])[] = [
    ["a reset", { ...seventh, fault: "reset_peer" }],
    ["an end", { ...seventh, fault: "disconnect" }],
    ["a stall", { ...seventh, fault: "timeout", timeoutMs: 0 }],
    ["an end in the middle of a line", { fault: "limit_data", bytes: 3_333 }],
    ["bytes one by one", { fault: "slicer", averageBytes: 1 }],
  ];

  test.each(faults)("%s in the middle of a conversation", async (_, fault) => {
    await using chat = await startChat();
    await using middle = await startInterposer({ target: chat.url, rules: [fault] });
    const rooms = ["#tea"];
    await using ann = await connectChat({ url: chat.url, nick: "ann", rooms });
    await using bob = await connectChat({ url: middle.url, nick: "bob", rooms, ...quick });
    const said: string[] = [];
    const saying: Promise<string>[] = [];
    for (let n = 0; n < 30; n++) {
      for (const one of [ann, bob]) {
        const text = `${one.nick} ${n}`;
        said.push(text);
        saying.push(one.say("#tea", text));
      }
      // Some together, some apart.
      if (n % 4 === 0) await Promise.all(saying);
    }
    await Promise.all(saying);
    await expectTheSame([ann, bob], said);
    if (fault.fault !== "slicer") expect(bob.connections).toBeGreaterThan(2);
  });
});

test("an acknowledgement that is lost: it is on the bus, its speaker does not know, and it is not said twice", async () => {
  const lostThrice =
    "(whenever first 3 times)\n  C: @${:any=label} PRIVMSG #tea :bob ${:any=1}\n  (pass quietly)\n  (S resets)\n(end)\n";
  await using chat = await startChat({ rules: [lostThrice] });
  await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
  await using bob = await connectChat({ url: chat.url, nick: "bob", rooms: ["#tea"], ...quick });
  const said = ["bob 0", "bob 1", "bob 2", "bob 3", "bob 4"];
  for (const text of said) await bob.say("#tea", text);
  await expectTheSame([ann, bob], said);
  expect(bob.connections).toBe(4);
});
