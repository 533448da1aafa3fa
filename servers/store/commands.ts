import type { Command } from "./command.ts";
import * as bits from "./commands/bits.ts";
import * as blockingList from "./commands/blocking-list.ts";
import * as blockingSortedSet from "./commands/blocking-sorted-set.ts";
import * as client from "./commands/client.ts";
import * as command from "./commands/command.ts";
import * as config from "./commands/config.ts";
import * as connection from "./commands/connection.ts";
import * as count from "./commands/count.ts";
import * as expire from "./commands/expire.ts";
import * as get from "./commands/get.ts";
import * as hash from "./commands/hash.ts";
import * as keys from "./commands/keys.ts";
import * as list from "./commands/list.ts";
import * as listPosition from "./commands/list-position.ts";
import * as publish from "./commands/publish.ts";
import * as scan from "./commands/scan.ts";
import * as server from "./commands/server.ts";
import * as set from "./commands/set.ts";
import * as setAlgebra from "./commands/set-algebra.ts";
import * as setMembers from "./commands/set-members.ts";
import * as sortedSet from "./commands/sorted-set.ts";
import * as sortedSetAlgebra from "./commands/sorted-set-algebra.ts";
import * as sortedSetRange from "./commands/sorted-set-range.ts";
import * as streamAdd from "./commands/stream-add.ts";
import * as streamRead from "./commands/stream-read.ts";
import * as substring from "./commands/substring.ts";
import * as transaction from "./commands/transaction.ts";

/** The files of commands; a new one is a line here. */
const families: readonly object[] = [
  bits,
  blockingList,
  blockingSortedSet,
  client,
  command,
  config,
  connection,
  count,
  expire,
  get,
  hash,
  keys,
  list,
  listPosition,
  publish,
  scan,
  server,
  set,
  setAlgebra,
  setMembers,
  sortedSet,
  sortedSetAlgebra,
  sortedSetRange,
  streamAdd,
  streamRead,
  substring,
  transaction,
];

/** Every command there is. What the files share beside their commands are functions. */
export const commands: readonly Command[] = families.flatMap((family) =>
  Object.values(family).filter((shared): shared is Command => typeof shared === "object"),
);

const byName = new Map<string, Command>();
for (const command of commands) {
  byName.set(command.name, command);
  byName.set(command.name.toUpperCase(), command);
}

/** The command of a name, however it is written. */
export function commandNamed(name: string): Command | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}
