import { type Command, keysOf } from "../command.ts";
import { matcher } from "../pattern.ts";
import { refuse } from "../refusal.ts";
import { type Version, array, bulk, bulks, emptyArray, integer, map, nilArray, simple } from "../reply.ts";

/** COMMAND, COMMAND COUNT, DOCS, INFO, LIST and GETKEYS. */
export const command: Command = {
  name: "command",
  arity: -1,
  flags: ["loading"],
  run: (words, { version, engine: { commands, commandNamed } }) => {
    const names = words.slice(2);
    const asked = names.length > 0 ? names.map(commandNamed) : commands;
    switch (words[1]?.toLowerCase()) {
      case undefined:
        return array(commands.map((one) => infoOf(version, one)));
      case "count":
        return integer(commands.length);
      case "info":
        return array(asked.map((one) => (one ? infoOf(version, one) : nilArray(version))));
      case "docs":
        return map(
          version,
          asked.flatMap((one) => (one ? [bulk(one.name), docsOf(version, one)] : [])),
        );
      case "list":
        return bulks(commands.map(({ name }) => name).filter(filterOf(names)));
      case "getkeys":
        return keysReply(commandNamed(names[0] ?? ""), names);
      default:
        return refuse(`unknown subcommand '${words[1]}'. Try COMMAND HELP.`);
    }
  },
};

function infoOf(version: Version, { name, arity, flags, keys = [0, 0, 0] }: Command): string {
  const words = flags.filter((flag) => flag !== "not_in_multi").map((flag) => simple(flag));
  const set = version === 3 ? `~${array(words).slice(1)}` : array(words);
  const [first, last, step] = keys;
  return array([
    bulk(name),
    integer(arity),
    set,
    integer(first),
    integer(last),
    integer(step),
    emptyArray,
    emptyArray,
    emptyArray,
    emptyArray,
  ]);
}

function docsOf(version: Version, { name, arity }: Command): string {
  return map(version, [
    bulk("arity"),
    integer(arity),
    bulk("summary"),
    bulk(`${name.toUpperCase()}, as in Redis`),
  ]);
}

/** `FILTERBY PATTERN pattern`, or everything. */
function filterOf(words: readonly string[]): (name: string) => boolean {
  if (words.length === 0) return () => true;
  const [filter = "", kind = "", pattern] = words;
  if (filter.toLowerCase() !== "filterby" || kind.toLowerCase() !== "pattern" || pattern === undefined)
    return refuse("syntax error");
  return matcher(pattern.toLowerCase());
}

function keysReply(asked: Command | undefined, words: readonly string[]): string {
  if (!asked) return refuse("Invalid command specified");
  const isShort = asked.arity > 0 ? words.length !== asked.arity : words.length < -asked.arity;
  if (isShort) refuse("Invalid number of arguments specified for command");
  const keys = keysOf(asked, words);
  return keys.length > 0 ? bulks(keys) : refuse("The command has no key arguments");
}
