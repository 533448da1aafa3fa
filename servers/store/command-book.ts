import type { Command } from "./command.ts";
import * as table from "./commands.ts";

/** Every command there is. */
export const commands: readonly Command[] = Object.values(table);

const byName = new Map<string, Command>();
for (const command of commands) {
  byName.set(command.name, command);
  byName.set(command.name.toUpperCase(), command);
}

/** The command of a name, however it is written. */
export function commandNamed(name: string): Command | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}
