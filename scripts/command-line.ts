import { parseArgs } from "node:util";
import { CommandError, type Flag, toggle } from "./command-line/flags.ts";
import { nearestWord } from "./command-line/nearest-word.ts";
import { typed } from "./command-line/typed.ts";

/** The flags of a command by the names that its options have: `maxAge` is written `--max-age`. */
export type FlagTable = Readonly<Record<string, Flag<unknown>>>;

/** What a table of flags gives, once read. */
export type OptionsOf<Flags extends FlagTable> = {
  readonly [Name in keyof Flags]: Flags[Name] extends Flag<infer Value> ? Value : never;
};

/** Something a person runs: `npm run <name> -- flags`, or `portside <name> flags`. */
export interface Command<Flags extends FlagTable = FlagTable> {
  readonly name: string;
  /** One sentence for the list of commands and the top of the help text. */
  readonly summary: string;
  readonly flags: Flags;
  /** What may stand beside the flags: `FILE…`. @default nothing may */
  readonly operands?: string;
  /** Whole lines to copy, for the end of the help text. */
  readonly examples?: readonly string[];
  /** @returns the exit code, when it is settled */
  run(options: OptionsOf<Flags>, operands: readonly string[]): Promise<number>;
}

const help = toggle({ help: "this text", letter: "h" });

/** Give a command its type: the options that `run` gets follow from its flags. */
export function command<const Flags extends FlagTable>(command: Command<Flags>): Command<Flags> {
  return command;
}

/**
 * Run a command with what was typed, and set the process's exit code: 1 with one sentence on stderr for everything
 * that a person can put right.
 */
export async function main<Flags extends FlagTable>(
  command: Command<Flags>,
  args = process.argv.slice(2),
): Promise<void> {
  try {
    const operands: string[] = [];
    const options = parseCommandLine(command, args, process.env, operands);
    if (options === "help") console.log(helpText(command));
    else process.exitCode = await command.run(options, operands);
  } catch (error) {
    process.stderr.write(`portside ${command.name}: ${complaint(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * Read arguments and environment by a command's table. A flag wins over its environment variables.
 * @param operands what stands beside the flags is added here, when the command takes any
 * @throws CommandError for an unknown flag, a missing or an unreadable value
 */
export function parseCommandLine<Flags extends FlagTable>(
  command: Command<Flags>,
  args: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
  operands: string[] = [],
): OptionsOf<Flags> | "help" {
  const table: FlagTable = { ...command.flags, help };
  const given = readArguments(table, args, command.operands === undefined ? undefined : operands);
  if (given.has("help")) return "help";
  const options = Object.entries(command.flags).map(([name, flag]) => {
    const texts = given.get(name);
    if (texts) return [name, flag.read(texts, `--${spelled(name)}`)];
    const variable = variablesOf(name, flag).find((variable) => env[variable] !== undefined);
    if (variable === undefined) return [name, flag.read([], `--${spelled(name)}`)];
    const value = env[variable] ?? "";
    // Several values of one variable are separated by spaces or commas.
    return [name, flag.read(flag.isRepeatable ? value.split(/[\s,]+/).filter(Boolean) : [value], variable)];
  });
  return Object.fromEntries(options) as OptionsOf<Flags>;
}

/** The texts that were given, by the flag's name in the table. */
function readArguments(
  table: FlagTable,
  args: readonly string[],
  operands: string[] | undefined,
): Map<string, string[]> {
  const names = new Map<string, string>();
  for (const [name, flag] of Object.entries(table)) {
    for (const written of [spelled(name), ...(flag.aliases ?? [])]) names.set(written, name);
  }
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      [...names].map(([written, name]) => {
        const flag = table[name];
        const letter = flag?.letter !== undefined && written === spelled(name) ? { short: flag.letter } : {};
        return [
          written,
          { type: flag?.argument === undefined ? "boolean" : "string", multiple: true, ...letter },
        ];
      }),
    ),
  });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional" && operands) {
      operands.push(token.value);
      continue;
    }
    if (token.kind === "positional") {
      const operand = Object.keys(table).find((name) => table[name]?.isOperand);
      if (operand !== undefined) {
        given.set(operand, [...(given.get(operand) ?? []), token.value]);
        continue;
      }
      throw new CommandError(`"${token.value}" is not a flag; every value follows its flag, see --help`);
    }
    const name = names.get(token.name);
    const flag = table[name ?? ""];
    if (name === undefined || flag === undefined) throw unknownFlag(token.rawName, [...names.keys()]);
    const isMissing = token.value === undefined || (token.value.startsWith("--") && !token.inlineValue);
    if (flag.argument !== undefined && isMissing) {
      throw new CommandError(`${token.rawName} needs a value: ${token.rawName} ${flag.argument}`);
    }
    given.set(name, [...(given.get(name) ?? []), token.value ?? "true"]);
  }
  return given;
}

/** The help text of a command: summary, flags with their environment variables, examples. */
export function helpText(command: Command): string {
  const rows = Object.entries({ ...command.flags, help }).map(([name, flag]) => {
    const letter = flag.letter === undefined ? "    " : `-${flag.letter}, `;
    const written = flag.isOperand ? `[--${spelled(name)}]` : `--${spelled(name)}`;
    const left = `${letter}${written}${flag.argument === undefined ? "" : ` ${flag.argument}`}`;
    const others = [...(flag.aliases ?? []).map((alias) => `--${alias}`), ...(flag.env ?? [])];
    const also = others.length > 0 ? ` [${others.join(", ")}]` : "";
    return { left, right: `${flag.help}${flag.isRepeatable ? " (repeatable)" : ""}${also}` };
  });
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2;
  const examples = command.examples ?? [];
  const [sample = "help"] = Object.keys(command.flags);
  const operands =
    command.operands === undefined ? [] : ["", `  ${typed(`portside ${command.name} ${command.operands}`)}`];
  return [
    `portside ${command.name}: ${command.summary}`,
    ...operands,
    "",
    ...rows.map(({ left, right }) => `  ${left.padEnd(width)}${right}`),
    "",
    `Every flag can also come from the environment: --${spelled(sample)} as ${ownVariable(sample)}.`,
    ...(examples.length > 0 ? ["", "Examples:", ...examples.map((example) => `  ${typed(example)}`)] : []),
  ].join("\n");
}

function spelled(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function variablesOf(name: string, flag: Flag<unknown>): string[] {
  return [ownVariable(name), ...(flag.env ?? [])];
}

/** The environment variable that every flag has: `maxAge` is PORTSIDE_MAX_AGE. */
function ownVariable(name: string): string {
  return `PORTSIDE_${spelled(name).replaceAll("-", "_").toUpperCase()}`;
}

function unknownFlag(written: string, names: readonly string[]): CommandError {
  const bare = written.replace(/^-+/, "");
  const nearest = nearestWord(bare, names);
  const advice = nearest === undefined ? "see --help" : `did you mean --${nearest}?`;
  return new CommandError(`${written} is not a flag of this command; ${advice}`);
}

/** One sentence about what went wrong; a fault of ours keeps its stack, so that it can be reported. */
function complaint(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of a script that cannot be read it says where and why.
  if (error.name === "ScriptError") return error.message;
  if (error.name === "WireError") return error.message.replace(/^[A-Z_]+ /, "");
  const isTheirs = error instanceof CommandError || "code" in error || error.constructor === TypeError;
  return isTheirs ? error.message : (error.stack ?? error.message);
}
