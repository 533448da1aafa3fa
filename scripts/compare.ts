import { writeFile } from "node:fs/promises";
import { styleText } from "node:util";
import { CommandError, durationMs, text, toggle, value } from "./command-line/flags.ts";
import { command, main } from "./command-line.ts";
import { barOf, redrawnLine } from "./progress-bar.ts";

/** `npm run compare`: WebSocket and plain sockets, measured. */
export const compareCommand = command({
  name: "compare",
  summary: "WebSocket, HTTP, TCP and UDP side by side: time, bytes, round trips, news",
  flags: {
    rtt: value({ argument: "TIME", help: "measure over a link with this round trip: 40ms" }, durationMs),
    html: value(
      { argument: "FILE", help: "where to write the page with the plots; default portside-compare.html" },
      text,
    ),
    explain: toggle({
      help: "show the bytes of one message over each, and over SMTP and FTP, with a word on every field",
    }),
    message: value({ argument: "TEXT", help: "what is said then; default Hello" }, text),
    quick: toggle({ help: "a look of some seconds, not a measurement" }),
    json: toggle({ help: "one JSON document instead of the table, and no page unless asked for" }),
  },
  examples: ["portside compare", "portside compare --rtt 40ms --html far.html", "portside compare --explain"],
  run: async ({ rtt, html, quick, json, explain, message }) => {
    if (explain) return await explainBytes(message ?? "Hello", json);
    if (message !== undefined) throw new CommandError("--message goes with --explain");
    const { compare } = await import("./compare/comparison.ts");
    const { comparisonText } = await import("./compare/text.ts");
    const draw = process.stderr.isTTY ? redrawnLine(process.stderr) : () => {};
    const extent = { ...(quick ? look : measurement), rttMs: rtt ?? 0 };
    const comparison = await compare(extent, (doing, part) => draw(`${barOf(part)} ${doing}`, part === 1));
    console.log(json ? JSON.stringify(comparison, undefined, 2) : comparisonText(comparison));
    const file = html ?? (json ? undefined : "portside-compare.html");
    if (file !== undefined) {
      const { comparisonPage } = await import("./compare/page.ts");
      await writeFile(file, await comparisonPage(comparison));
      if (!json) console.log(`\nWith plots: ${file}`);
    }
    return 0;
  },
});

async function explainBytes(message: string, json: boolean): Promise<number> {
  if (message === "") throw new CommandError("--message is empty; give it something to say");
  const { explain } = await import("./compare/explain.ts");
  const explained = await explain(message);
  if (json) {
    const { explainedJson } = await import("./compare/explain/json.ts");
    console.log(JSON.stringify(explainedJson(explained), undefined, 2));
    return 0;
  }
  const { explainedText } = await import("./compare/explain/text.ts");
  const { stdout } = process;
  const width = Math.min(Math.max(stdout.columns ?? 80, 72), 110);
  console.log(
    explainedText(explained, message, width, (style, text) => styleText(style, text, { stream: stdout })),
  );
  return 0;
}

const measurement = {
  rounds: 4,
  roundMs: 300,
  rateMs: 300,
  idleConnections: 1_000,
  happening: { events: 60, milliseconds: 10_000 },
  firstTries: 3,
};

const look = {
  rounds: 1,
  roundMs: 100,
  rateMs: 100,
  idleConnections: 200,
  happening: { events: 12, milliseconds: 2_500 },
  firstTries: 3,
};

if (import.meta.main) await main(compareCommand);
