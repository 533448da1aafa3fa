import type { Command } from "../command.ts";
import { redisVersion } from "../identity.ts";
import { readInteger } from "../numbers.ts";
import { Refusal, refuse } from "../refusal.ts";
import { array, bulk, integer, map } from "../reply.ts";
import { checkedName, login } from "../families/connection.ts";

/** HELLO [2|3 [AUTH user password] [SETNAME name]]: what a client says first, and the switch to RESP3. */
export const hello: Command = {
  name: "hello",
  arity: -1,
  flags: ["noscript", "loading", "fast", "no_auth", "no_multi"],
  run: (words, client) => {
    let version = client.version;
    if (words[1] !== undefined) {
      if (readInteger(words[1]) === undefined) refuse("Protocol version is not an integer or out of range");
      if (words[1] !== "2" && words[1] !== "3") throw new Refusal("NOPROTO unsupported protocol version");
      version = words[1] === "3" ? 3 : 2;
    }
    let name: string | undefined;
    for (let at = 2; at < words.length; at++) {
      const option = words[at]!.toLowerCase();
      if (option === "auth" && at + 2 < words.length) login(client, words[++at]!, words[++at]!);
      else if (option === "setname" && at + 1 < words.length) name = checkedName(words[++at]!);
      else refuse(`Syntax error in HELLO option '${words[at]}'`);
    }
    if (!client.isAuthenticated) {
      throw new Refusal(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time",
      );
    }
    client.version = version;
    if (name !== undefined) client.name = name;
    const facts: readonly (readonly [string, string])[] = [
      ["server", bulk("redis")],
      ["version", bulk(redisVersion)],
      ["proto", integer(version)],
      ["id", integer(client.id)],
      ["mode", bulk("standalone")],
      ["role", bulk("master")],
      ["modules", array([])],
    ];
    return map(
      version,
      facts.flatMap(([key, reply]) => [bulk(key), reply]),
    );
  },
};
