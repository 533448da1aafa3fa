import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf, readInteger } from "../numbers.ts";
import { array, bulk, integer, map, ok, simple } from "../reply.ts";
import { Refusal, refuse, syntaxError } from "../refusal.ts";
import { redisVersion } from "../identity.ts";

export const ping: Command = {
  name: "ping",
  arity: -1,
  flags: ["fast"],
  run: (words, client) => {
    if (words.length > 2) refuse("wrong number of arguments for 'ping' command");
    if (client.isSubscribed && client.version === 2) return array([bulk("pong"), bulk(words[1] ?? "")]);
    return words[1] === undefined ? simple("PONG") : bulk(words[1]);
  },
};

export const echo: Command = {
  name: "echo",
  arity: 2,
  flags: ["loading", "fast"],
  run: (words) => bulk(words[1]!),
};

export const select: Command = {
  name: "select",
  arity: 2,
  flags: ["loading", "fast"],
  run: (words, client) => {
    const index = integerOf(words[1]!);
    client.db = client.engine.databases[index] ?? refuse("DB index is out of range");
    return ok;
  },
};

export const quit: Command = {
  name: "quit",
  arity: -1,
  flags: ["loading", "fast", "no_auth", "no_multi"],
  run: (_, client) => {
    client.isLeaving = true;
    return ok;
  },
};

function login(client: Client, user: string, password: string): void {
  if (!client.engine.admits(user, password))
    throw new Refusal("WRONGPASS invalid username-password pair or user is disabled.");
  client.isAuthenticated = true;
}

export const auth: Command = {
  name: "auth",
  arity: -2,
  flags: ["noscript", "loading", "fast", "no_auth"],
  run: (words, client) => {
    if (words.length > 3) refuse(syntaxError);
    if (words.length === 2 && !client.engine.needsPassword) {
      refuse(
        "AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
      );
    }
    if (words.length === 2) login(client, "default", words[1]!);
    else login(client, words[1]!, words[2]!);
    return ok;
  },
};

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

/** A name of a connection: it stands in a list, so it has no blanks. @throws Refusal */
export function checkedName(name: string): string {
  if (!/^[!-~]*$/.test(name)) refuse("Client names cannot contain spaces, newlines or special characters.");
  return name;
}

export const reset: Command = {
  name: "reset",
  arity: 1,
  flags: ["noscript", "loading", "fast", "no_auth", "no_multi"],
  run: (_, client) => {
    const { engine } = client;
    client.transaction = undefined;
    engine.unwatch(client);
    engine.channels.forget(client);
    client.db = engine.databases[0]!;
    client.version = 2;
    client.name = "";
    client.replies = "on";
    client.isAuthenticated = !engine.needsPassword;
    return simple("RESET");
  },
};
