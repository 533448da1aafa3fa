import { styleText } from "node:util";

export type View = "line" | "raw" | "hex";

/** Prints a conversation, a piece at a time. */
export interface Printer {
  print(from: "C" | "S" | "*", bytes: Buffer): void;
  /** Nothing more will come: print what is unfinished. */
  end(): void;
}

/**
 * A printer of a view.
 * @param out where what was heard goes; with `raw` nothing else does
 * @param beganMs times are told from here on
 */
export function printerOf(
  view: View,
  out: NodeJS.WritableStream,
  isColoured: boolean,
  beganMs: number,
): Printer {
  if (view === "raw")
    return { print: (from, bytes) => void (from === "S" && out.write(bytes)), end: () => {} };
  const time = (): string => ((performance.now() - beganMs) / 1_000).toFixed(3).padStart(8);
  const paint = (from: "C" | "S" | "*", text: string): string =>
    isColoured
      ? styleText(from === "C" ? "cyan" : from === "S" ? "green" : "dim", text, { validateStream: false })
      : text;
  const arrow = { C: "→", S: "←", "*": "·" } as const;
  const say = (from: "C" | "S" | "*", text: string): void =>
    void out.write(`${time()} ${paint(from, `${arrow[from]} ${text}`)}\n`);
  if (view === "hex") {
    return {
      print: (from, bytes) => {
        for (const line of from === "*" ? [bytes.toString()] : hexLines(bytes)) say(from, line);
      },
      end: () => {},
    };
  }
  // A line is printed when it is whole; what is left of one at the end is printed with a mark.
  const rest = { C: "", S: "", "*": "" };
  return {
    print: (from, bytes) => {
      const lines = (rest[from] + bytes.toString("utf8")).split("\n");
      rest[from] = lines.pop() ?? "";
      for (const line of lines) say(from, printable(line.replace(/\r$/, "")));
    },
    end: () => {
      for (const from of ["C", "S"] as const) if (rest[from] !== "") say(from, `${printable(rest[from])}⏎̸`);
    },
  };
}

/** Control characters are shown, never sent to the terminal. */
function printable(text: string): string {
  return text.replace(
    /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** `0000  48 65 6c 6c 6f                                   |Hello|` */
function* hexLines(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = row.toString("hex").replace(/../g, "$& ").padEnd(48);
    const text = row.toString("latin1").replace(/[^\x20-\x7e]/g, ".");
    yield `${at.toString(16).padStart(4, "0")}  ${hex} |${text}|`;
  }
}
