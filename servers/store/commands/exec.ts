import type { Command } from "../command.ts";
import { Refusal, refuse } from "../refusal.ts";
import { array, error, nilArray } from "../reply.ts";

export const exec: Command = {
  name: "exec",
  arity: 1,
  flags: ["no_multi"],
  run: (_, client) => {
    const { transaction, engine } = client;
    if (!transaction) return refuse("EXEC without MULTI");
    client.transaction = undefined;
    // A watched key whose time has come has changed, although nobody has looked at it.
    for (const [db, keys] of client.watched) for (const key of keys) db.expireIfDue(key);
    const { isWatchBroken } = client;
    engine.unwatch(client);
    if (transaction.isBroken)
      throw new Refusal("EXECABORT Transaction discarded because of previous errors.");
    if (isWatchBroken) return nilArray(client.version);
    const replies: string[] = [];
    client.canBlock = false;
    engine.journal?.begin();
    for (const { command, words } of transaction.commands) {
      const answer = engine.run(client, command, words);
      replies.push(typeof answer === "string" ? answer : error("ERR a command within EXEC cannot wait"));
    }
    engine.journal?.commit();
    client.canBlock = true;
    engine.insteadNothing();
    return array(replies);
  },
};
