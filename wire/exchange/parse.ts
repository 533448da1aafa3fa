import { bounds } from "./bounds.ts";
import { isMisunderstood, parseAct, parseDuration, parseOpener } from "./parse-act.ts";
import { indentOf, readPayload } from "./parse-block.ts";
import { checkDialect, parseKind } from "./parse-kind.ts";
import { parseExpression, PayloadProblem } from "./parse-payload.ts";
import { nearest, ScriptError } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { headerKeys } from "./script.ts";
import type { Attachment, Block, HeaderKey, Item, Mark, Opener, Payload, Role, Script } from "./script.ts";

/** What parsing a text gives: a script as far as it was understood, and everything that was not. */
export interface Parsed {
  readonly script: Script;
  readonly problems: readonly Problem[];
}

/**
 * A script from its text.
 * @param text the file; CRLF line ends are read as LF
 * @param file its name, for messages
 * @throws {ScriptError} with every problem of the file
 */
export function parse(text: string, file = "script.exchange"): Script {
  const { script, problems } = tryParse(text, file);
  if (problems.length > 0) throw new ScriptError(problems);
  return script;
}

/** Like `parse`, but gives the problems instead of throwing them. A wrong line is left out of the script. */
export function tryParse(text: string, file = "script.exchange"): Parsed {
  return new Parser(text, file).parse();
}

const name = "[a-z][a-z0-9_-]*";

/** One regular expression decides the class of a line; its groups are the pieces of each class. */
const lineClass = new RegExp(
  String.raw`^(?<indent>[ \t]*)(?:` +
    [
      String.raw`#(?<note>.*)`,
      String.raw`\((?<direction>.*)\)`,
      String.raw`(?<keyword>let|secret)[ ]+(?<bound>${name})[ ]*=[ ]*(?<expression>.+)`,
      String.raw`(?<speaker>[CS])(?:@(?<connection>${name}))?(?<mark>[?*+&=]?)(?: (?<kind>${name}))?:(?<said>.*)`,
      String.raw`(?<key>[a-z]+)(?:@(?<of>${name}))?:(?<header>.*)`,
    ].join("|") +
    ")$",
  "s",
);
const attachmentLine = /^-- (\S(?:.*\S)?) --$/s;

interface Open {
  readonly opener: Opener;
  readonly line: number;
  readonly gap: boolean;
  readonly branches: Item[][];
}

class Parser {
  readonly #file: string;
  readonly #lines: readonly string[];
  readonly #problems: Problem[] = [];
  readonly #open: Open[] = [];
  readonly #items: Item[] = [];
  #index = 0;
  #gap = false;

  constructor(text: string, file: string) {
    this.#file = file;
    const lines = text
      .replace(/^\uFEFF/, "")
      .replaceAll(/\r\n?/g, "\n")
      .split("\n");
    if (lines.at(-1) === "") lines.pop();
    this.#lines = lines;
  }

  parse(): Parsed {
    if (this.#lines.length > bounds.scriptLines) {
      this.#problem(bounds.scriptLines, 0, 1, `a script may have ${bounds.scriptLines} lines`);
      return this.#parsed([]);
    }
    let attachments: Attachment[] = [];
    for (; this.#index < this.#lines.length; this.#index++) {
      const line = this.#lines[this.#index]!.trimEnd();
      if (attachmentLine.test(line)) {
        attachments = this.#attachments();
        break;
      }
      if (line === "") this.#gap = true;
      else this.#line(line);
    }
    for (const open of this.#open) this.#problem(open.line - 1, 0, 1, "this block has no (end)");
    return this.#parsed(attachments);
  }

  #parsed(attachments: readonly Attachment[]): Parsed {
    const script: Script = { file: this.#file, items: this.#items, attachments };
    return { script, problems: this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
  }

  #line(line: string): void {
    const found = lineClass.exec(line)?.groups;
    const at = this.#index;
    const standing = { at: { file: this.#file, line: at + 1 }, gap: this.#gap && !this.#isFirst() };
    try {
      if (found === undefined) this.#unknown(line);
      else if (found["note"] !== undefined) this.#add({ ...standing, type: "note", text: found["note"] });
      else if (found["direction"] !== undefined) this.#direction(found["direction"].trim(), line);
      else if (found["keyword"] !== undefined) {
        const source = found["expression"]!;
        const expression = this.#inLine(line.length - source.length, () => parseExpression(source));
        const secret = found["keyword"] === "secret";
        this.#add({ ...standing, type: "binding", name: found["bound"]!, secret, expression });
      } else if (found["speaker"] !== undefined) {
        const gap = standing.gap;
        const payload = this.#payload(found["said"]!, found["indent"]!.length, line);
        const kind = parseKind(
          found["kind"],
          line.length - found["said"]!.length - 1 - (found["kind"] ?? "").length,
        );
        this.#add({
          type: "spoken",
          at: standing.at,
          gap,
          speaker: found["speaker"] as Role,
          ...(found["connection"] === undefined ? {} : { connection: found["connection"] }),
          mark: found["mark"] as Mark,
          kind,
          payload,
        });
      } else this.#header(found, line, standing);
    } catch (error) {
      if (!(error instanceof PayloadProblem)) throw error;
      this.#problem(at, error.column, error.width, error.message, error.suggestion);
    }
    this.#gap = false;
  }

  #header(found: Record<string, string | undefined>, line: string, standing: Pick<Item, "at" | "gap">): void {
    const word = found["key"]!;
    const key = headerKeys.find((known) => known === word);
    const column = found["indent"]!.length;
    if (key === undefined) {
      const isSpeaker = /^[cs]$/.test(word);
      const near = isSpeaker ? word.toUpperCase() : nearest(word, headerKeys);
      const what = isSpeaker ? "speaker" : "header";
      throw new PayloadProblem(`I don't know the ${what} '${word}'`, column, word.length, near);
    }
    const text = found["header"]!.trim();
    const wrong = wrongHeader(key, text);
    if (wrong !== undefined) throw new PayloadProblem(wrong, line.length - text.length, text.length);
    if (key === "dialect") checkDialect(text, line.length - text.length);
    if (this.#open.length > 0 || this.#items.some((item) => item.type !== "header" && !isHead(item))) {
      throw new PayloadProblem("a header stands at the head of the file", column, line.length - column);
    }
    const of = found["of"] === undefined ? {} : { connection: found["of"] };
    this.#add({ ...standing, type: "header", key, ...of, text });
  }

  #direction(text: string, line: string): void {
    const column = line.indexOf("(") + 1;
    const wrong = (message: string, suggestion?: string): PayloadProblem =>
      new PayloadProblem(message, column, Math.max(1, text.length), suggestion);
    const at = this.#index + 1;
    if (text === "end" || text === "or") {
      const open = this.#open.at(-1);
      if (open === undefined) throw wrong(`(${text}) without a block`);
      if (text === "end") {
        this.#open.pop();
        this.#close(open);
      } else if (open.opener.type === "either") open.branches.push([]);
      else throw wrong("(or) belongs into (either) … (end)");
      return;
    }
    const opener = parseOpener(text);
    if (opener !== undefined) {
      if (!isMisunderstood(opener) && this.#open.length < bounds.nesting) {
        this.#open.push({ opener, line: at, gap: this.#gap && !this.#isFirst(), branches: [[]] });
        return;
      }
      // The block is opened all the same, so that its (end) is not a second error.
      this.#open.push({ opener: { type: "optional" }, line: at, gap: false, branches: [[]] });
      throw isMisunderstood(opener)
        ? wrong(opener.message, opener.suggestion)
        : wrong("blocks are nested too deeply");
    }
    const act = parseAct(text);
    if (isMisunderstood(act)) throw wrong(act.message, act.suggestion);
    const gap = this.#gap && !this.#isFirst();
    this.#add({ type: "direction", at: { file: this.#file, line: at }, gap, act });
  }

  #close(open: Open): void {
    const block: Block = {
      type: "block",
      at: { file: this.#file, line: open.line },
      gap: open.gap,
      opener: open.opener,
      branches: open.branches,
    };
    this.#add(block);
  }

  #payload(said: string, indent: number, line: string): Payload {
    if (said !== "" && !said.startsWith(" ")) {
      throw new PayloadProblem("a blank belongs after the colon", line.length - said.length);
    }
    const read = readPayload(this.#lines, this.#index, said.slice(1), indent);
    this.#index = read.last;
    for (const { index, problem } of read.problems) {
      this.#problem(index, problem.column, problem.width, problem.message, problem.suggestion);
    }
    return read.payload;
  }

  #attachments(): Attachment[] {
    const attachments: { name: string; text: string }[] = [];
    for (; this.#index < this.#lines.length; this.#index++) {
      const found = attachmentLine.exec(this.#lines[this.#index]!.trimEnd());
      if (!found) {
        attachments.at(-1)!.text += `${this.#lines[this.#index]}\n`;
        continue;
      }
      if (attachments.some((known) => known.name === found[1])) {
        this.#problem(this.#index, 3, found[1]!.length, `there are two attachments '${found[1]}'`);
      }
      attachments.push({ name: found[1]!, text: "" });
    }
    return attachments;
  }

  #unknown(line: string): never {
    const column = indentOf(line);
    const text = line.slice(column);
    const speaker = /^([A-Za-z]+)(@[\w-]*)?([^\s:\w])?( [\w-]+)?:/.exec(text);
    if (text.startsWith("(")) throw new PayloadProblem("the direction has no ')'", column, text.length);
    if (speaker) {
      const message =
        speaker[3] !== undefined && /^[CS]$/.test(speaker[1]!)
          ? `I don't know the mark '${speaker[3]}'; there are ? * + & =`
          : `I don't know the speaker '${speaker[1]}'`;
      throw new PayloadProblem(message, column, speaker[0].length, nearest(speaker[1]!, headerKeys));
    }
    throw new PayloadProblem(
      "a line begins with C: or S:, a (direction), a header, let, secret or #",
      column,
      text.length,
    );
  }

  #isFirst(): boolean {
    const branch = this.#open.at(-1)?.branches.at(-1) ?? this.#items;
    return branch.length === 0;
  }

  #add(item: Item): void {
    (this.#open.at(-1)?.branches.at(-1) ?? this.#items).push(item);
  }

  /** Does something that may throw a problem whose columns count from `offset` of the current line. */
  #inLine<T>(offset: number, task: () => T): T {
    try {
      return task();
    } catch (error) {
      if (!(error instanceof PayloadProblem)) throw error;
      throw new PayloadProblem(error.message, error.column + offset, error.width, error.suggestion);
    }
  }

  #problem(index: number, column: number, width: number, message: string, suggestion?: string): void {
    this.#problems.push({
      file: this.#file,
      line: index + 1,
      column: column + 1,
      width,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
      source: this.#lines[index] ?? "",
    });
  }
}

function isHead(item: Item): boolean {
  return item.type === "binding" || item.type === "note";
}

function wrongHeader(key: HeaderKey, text: string): string | undefined {
  if (text === "") return `the header '${key}' is empty`;
  if (key === "timeout" && parseDuration(text) === undefined)
    return "a timeout is a duration, such as 500ms or 5s";
  if (key === "seed" && !/^\d{1,9}$/.test(text)) return "a seed is a whole number";
  return undefined;
}
