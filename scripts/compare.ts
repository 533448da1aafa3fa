import { writeFile } from "node:fs/promises";
import { durationMs, text, toggle, value } from "./command-line/flags.ts";
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
    quick: toggle({ help: "a look of some seconds, not a measurement" }),
    json: toggle({ help: "one JSON document instead of the table, and no page unless asked for" }),
  },
  examples: ["portside compare", "portside compare --rtt 40ms --html far.html"],
  run: async ({ rtt, html, quick, json }) => {
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

const measurement = {
  rounds: 5,
  roundMs: 400,
  rateMs: 400,
  idleConnections: 1_000,
  happening: { events: 60, milliseconds: 12_000 },
  firstTries: 5,
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
