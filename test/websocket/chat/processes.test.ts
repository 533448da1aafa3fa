import { describe, expect, test } from "vitest";
import { type ChatClient, connectChat } from "../../../clients/websocket/index.ts";
import { connectBus } from "../../../clients/store/index.ts";
import { openBus } from "../../../servers/store/index.ts";
import { type ChatServer, startChat } from "../../../servers/websocket/index.ts";
import type { Bus } from "../../../wire/bus.ts";
import { needs } from "../../peers/tools.ts";
import { run, type Spawned } from "../../scripts/spawned.ts";
import { startRedis } from "../../store/redis-server.ts";
import { Person } from "./person.ts";

const quick = { retryDelayMs: 5, maxRetryDelayMs: 50, pingIntervalMs: 500, pongTimeoutMs: 500 };

/** Two servers on one bus. */
interface Pair extends AsyncDisposable {
  readonly here: ChatServer;
  readonly there: ChatServer;
}

/** What two servers must do that share a bus, whatever it is. */
function oneChat(open: () => Promise<Bus & AsyncDisposable>): void {
  const pair = async (): Promise<Pair> => {
    const bus = await open();
    const [here, there] = await Promise.all([startChat({ bus }), startChat({ bus })]);
    return {
      here,
      there,
      [Symbol.asyncDispose]: async () => {
        await Promise.all([here.close({ graceMs: 0 }), there.close({ graceMs: 0 })]);
        await bus[Symbol.asyncDispose]();
      },
    };
  };

  test("one room, one list of members, one order, whoever is where", async () => {
    await using servers = await pair();
    const { here, there } = servers;
    const rooms = ["#tea"];
    await using ann = await connectChat({ url: here.url, nick: "ann", rooms });
    await using bob = await connectChat({ url: there.url, nick: "bob", rooms });
    await using cy = await connectChat({ url: there.streamUrl, nick: "cy", rooms });
    const clients = [ann, bob, cy];
    await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: 50 }, (_, n) => client.say("#tea", `${client.nick} ${n}`)),
      ),
    );
    await ann.say("#tea", "the end");
    const heard = await Promise.all(clients.map((client) => textsUntil(client, "the end")));
    expect(heard[0]).toHaveLength(151);
    for (const other of heard) expect(other).toEqual(heard[0]);
    for (const { rooms } of [here, there])
      expect(rooms[0]?.members.map(({ nick }) => nick).toSorted()).toEqual(["ann", "bob", "cy"]);
    await here.waitForMessage({ room: "#tea", nick: "cy", text: "cy 49" });
  });

  test("a nick is one person's, and is told of everywhere", async () => {
    await using servers = await pair();
    const { here, there } = servers;
    await using ann = await connectChat({ url: here.url, nick: "ann", rooms: ["#tea"] });
    await expect(connectChat({ url: there.url, nick: "Ann" })).rejects.toThrow(/in use/);
    await using bob = await connectChat({ url: there.url, nick: "bob", rooms: ["#tea"] });
    await bob.say("ann", "psst");
    expect(await ann.waitForMessage(({ room }) => room === "ann")).toMatchObject({
      nick: "bob",
      text: "psst",
    });
    await expect(bob.say("nobody", "psst")).rejects.toThrow(/401/);
    bob.sendLine("NICK bobby");
    for await (const event of ann) if (event.type === "nick" && event.nick === "bobby") break;
    // The one that he had is free again.
    await using other = await connectChat({ url: here.url, nick: "bob" });
    expect(other.nick).toBe("bob");
  });

  test("modes, invitations and who is away are the same everywhere", async () => {
    await using servers = await pair();
    const { here, there } = servers;
    await using ann = await Person.at(here, "ann");
    await using bob = await Person.at(there, "bob");
    await using cy = await Person.at(there, "cy");
    await ann.joins("#tea");
    ann.say("MODE #tea +ikb sesame dan", "AWAY :tea time", "PING 1");
    await ann.hears(/PONG/);
    bob.say("JOIN #tea sesame");
    await bob.hears(/ 473 /);
    ann.say("INVITE bob #tea");
    await bob.hears(/^:ann!\S+ INVITE bob #tea$/);
    bob.say("JOIN #tea", "MODE #tea", "MODE #tea b", "WHO ann", "PRIVMSG ann :psst");
    await bob.hears(/ 353 bob = #tea :@ann bob$/);
    await bob.hears(/ 324 bob #tea \+kint sesame$/);
    await bob.hears(/ 367 bob #tea dan!\*@\* ann!/);
    await bob.hears(/ 352 bob #tea .* ann G@ /);
    await bob.hears(/ 301 bob ann :tea time$/);
    // Whoever shares no room is told of it too.
    cy.say("PRIVMSG ann :hello", "WHOIS ann");
    await cy.hears(/ 301 cy ann :tea time$/);
    await cy.hears(/ 301 cy ann :tea time$/);
    // So is somebody in no room at all.
    await using dora = await Person.at(here, "Dora");
    dora.say("AWAY :asleep", "PING 1");
    await dora.hears(/PONG/);
    cy.say("WHOIS DORA", "WHO dora", "USERHOST dora");
    await cy.hears(/ 311 cy Dora Dora 127\.0\.0\.1 \* :Dora$/);
    await cy.hears(/ 301 cy Dora :asleep$/);
    await cy.hears(/ 352 cy \* Dora 127\.0\.0\.1 \S+ Dora G :0 Dora$/);
    await cy.hears(/ 302 cy :Dora=-Dora@127\.0\.0\.1$/);
    ann.say("AWAY", "MODE #tea -n+v-ki bob");
    await bob.hears(/ MODE #tea -n\+v-ki bob \*$/);
    cy.say("PRIVMSG #tea :from outside", "PRIVMSG ann :again", "PING 1");
    await ann.hears(/PRIVMSG #tea :from outside$/);
    await bob.hears(/PRIVMSG #tea :from outside$/);
    await cy.hears(/PONG/);
    expect(cy.lines.filter((line) => line.includes(" 301 cy ann "))).toHaveLength(2);
  });

  test("a connection that is dead on one server is taken over on the other", async () => {
    await using servers = await pair();
    const { here, there } = servers;
    await using ann = await connectChat({ url: here.url, nick: "ann", rooms: ["#tea"] });
    const url = [here.url, there.url];
    await using bob = await connectChat({ ...quick, url, nick: "bob", rooms: ["#tea"] });
    await ann.say("#tea", "before");
    here.dropConnection("bob", "silence");
    await ann.say("#tea", "missed");
    await bob.say("#tea", "from the other one");
    expect(await textsUntil(bob, "from the other one")).toEqual(["before", "missed", "from the other one"]);
    expect(here.rooms[0]?.members.map(({ nick }) => nick)).toEqual(["ann", "bob"]);
  });
}

async function textsUntil(client: ChatClient, last: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of client.messages()) {
    texts.push(text);
    if (text === last) break;
  }
  return texts;
}

describe("two servers on the bus of this process", () =>
  oneChat(async () => await Promise.resolve(openBus())));

describe("two servers on redis-server", needs("redis-server"), () => {
  oneChat(async () => {
    const redis = await startRedis();
    const bus = await connectBus({ url: `redis+unix://${redis.path}` });
    return Object.assign(Object.create(bus) as Bus, bus, {
      [Symbol.asyncDispose]: async () => {
        await bus.close();
        await redis[Symbol.asyncDispose]();
      },
    });
  });
});

describe("two processes on redis-server", needs("redis-server"), () => {
  const spawn = async (path: string): Promise<{ readonly process: Spawned; readonly url: string }> => {
    const process = run("chat", [
      "--listen",
      ":0",
      "--page",
      ":0",
      "--json",
      "--bus",
      `redis+unix://${path}`,
    ]);
    const { chat = "" } = JSON.parse(await process.said("stdout", /^.*\n/)) as Record<string, string>;
    return { process, url: chat };
  };

  test("kill -9 of one loses nothing that was acknowledged, and its people come back on the other", async () => {
    await using redis = await startRedis();
    const first = await spawn(redis.path);
    await using one = first.process;
    const second = await spawn(redis.path);
    await using two = second.process;
    void two;
    const common = { ...quick, rooms: ["#tea"] };
    await using ann = await connectChat({ ...common, nick: "ann", url: [first.url, second.url] });
    await using bob = await connectChat({ ...common, nick: "bob", url: second.url });
    const acknowledged: string[] = [];
    const saying: Promise<void>[] = [];
    const say = (client: ChatClient, text: string): void =>
      void saying.push(client.say("#tea", text).then(() => void acknowledged.push(text)));
    for (let n = 0; n < 100; n++) {
      say(ann, `ann ${n}`);
      say(bob, `bob ${n}`);
      if (n === 50) {
        await Promise.race(saying.slice(-2));
        one.signal("SIGKILL");
      }
    }
    await Promise.all(saying);
    await bob.say("#tea", "the end");
    const heard = await Promise.all([ann, bob].map((client) => textsUntil(client, "the end")));
    expect(heard[0]).toEqual(heard[1]);
    expect(heard[0]!.toSorted()).toEqual([...acknowledged, "the end"].toSorted());
    expect(acknowledged).toHaveLength(200);
    expect([...bob.rooms.get("#tea")!.members].toSorted()).toEqual(["ann", "bob"]);
  });

  test("whoever was there and does not come back is counted out", async () => {
    await using redis = await startRedis();
    const first = await spawn(redis.path);
    await using one = first.process;
    await using bus = await connectBus({ url: `redis+unix://${redis.path}` });
    await using chat = await startChat({ bus, leaseMs: 150 });
    await using ann = await connectChat({ url: first.url, nick: "ann", rooms: ["#tea"], reconnects: false });
    await using bob = await connectChat({ url: chat.url, nick: "bob", rooms: ["#tea"] });
    expect(chat.rooms[0]?.members).toHaveLength(2);
    one.signal("SIGKILL");
    for await (const { type } of ann) if (type === "lost") break;
    // The lease that the killed process has taken is over in some seconds; here it is ended.
    for (const key of await leasesOf("ann", bus)) await bus.remove(key);
    for await (const event of bob) if (event.type === "quit" && event.nick === "ann") break;
    expect(chat.rooms[0]?.members.map(({ nick }) => nick)).toEqual(["bob"]);
  });
});

/** The leases of the process that somebody is on. */
async function leasesOf(nick: string, bus: Bus): Promise<string[]> {
  const written = await bus.get("chat:state:#tea");
  const { members } = JSON.parse(written ?? "") as { members: { nick: string; process: string }[] };
  return members.filter((member) => member.nick === nick).map(({ process }) => `chat:lives:${process}`);
}
