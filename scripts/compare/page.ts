import type { Comparison } from "./comparison.ts";
import { type Bars, type Drawing, loadPlots } from "./plots.ts";
import { type Source, sourcesOf } from "./sources.ts";
import { type Table, tablesOf } from "./tables.ts";
import { reading } from "./text.ts";
import { reference } from "./transports.ts";

/** As wide as a column of text, and as a telephone. */
const widths = { wide: 760, narrow: 330 } as const;

/**
 * The comparison as one HTML file: no script, nothing from a network, light and dark as the reader's system says.
 * @throws WireError PEER_MISSING without the plotting library
 */
export async function comparisonPage(comparison: Comparison): Promise<string> {
  const draw = await loadPlots();
  const { machine, node, messageBytes, link } = comparison;
  const tables = tablesOf(comparison);
  const sources = await sourcesOf(comparison.complexities);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>WebSocket and plain sockets, measured</title>
<style>${style}</style>
</head>
<body>
<h1>WebSocket and plain sockets, measured</h1>
<p class="about">${escaped(`${messageBytes}-byte messages over ${link}. ${machine}, Node ${node}. Made by npm run compare.`)}</p>
<p>${escaped(reading.join(" "))}</p>
${barsOf(comparison)
  .map((bars) => figure(bars, draw))
  .join("\n")}
${tables.map((table) => tableText(table, sources)).join("\n")}
<h2>The files whose lines were counted</h2>
${sources.map(sourceText).join("\n")}
</body>
</html>
`;
}

function barsOf({ echoes, pushes, firstAnswers }: Comparison): Bars[] {
  const echoBars = (value: (echo: (typeof echoes)[number]) => number): Bars["bars"] =>
    echoes.map((echo) => ({ name: echo.title, value: value(echo), isReference: echo.name === reference }));
  const pushBars = (value: (push: (typeof pushes)[number]) => number): Bars["bars"] =>
    pushes.map((push) => ({ name: push.title, value: value(push), isReference: push.name === "ws-push" }));
  return [
    {
      title: "A message and its answer: half of them take at most",
      unit: "ms",
      isLogarithmic: true,
      bars: echoBars(({ p50Ms }) => p50Ms),
    },
    {
      title: "Bytes of a message and its answer",
      unit: "B",
      isLogarithmic: true,
      bars: echoBars(({ perMessage }) => perMessage.bytes),
    },
    {
      title: "Round trips until the first answer",
      unit: "",
      isLogarithmic: false,
      bars: firstAnswers.rows.map(({ title, roundTrips, name }) => ({
        name: title,
        value: roundTrips,
        isReference: name === reference,
      })),
    },
    {
      title: "How late a client learns the news",
      unit: "ms",
      isLogarithmic: true,
      bars: pushBars(({ late }) => late.p50),
    },
    {
      title: "Bytes of a piece of news",
      unit: "B",
      isLogarithmic: true,
      bars: pushBars(({ perEvent }) => perEvent.bytes),
    },
  ];
}

function figure(bars: Bars, draw: Drawing): string {
  const drawn = Object.entries(widths).map(
    ([name, width]) => `<div class="${name}">${draw(bars, width)}</div>`,
  );
  return `<figure><figcaption>${escaped(bars.title)}</figcaption>${drawn.join("")}</figure>`;
}

function tableText({ title, note, head, rows, words = [] }: Table, sources: readonly Source[]): string {
  const cells = (tag: "th" | "td", texts: readonly string[]): string =>
    texts
      .map((text, column) =>
        words.includes(head[column]!)
          ? `<${tag} class="word">${linked(text, sources)}</${tag}>`
          : `<${tag}>${escaped(text)}</${tag}>`,
      )
      .join("");
  return `<h2>${escaped(title)}</h2>
${note === "" ? "" : `<p class="about">${escaped(note)}</p>`}
<div class="scroll"><table>
<thead><tr>${cells("th", head)}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody>
</table></div>`;
}

/** A text in which the name of a file leads to what is in it. */
function linked(text: string, sources: readonly Source[]): string {
  return text
    .split(/(\s+)/)
    .map((word) =>
      sources.some(({ file }) => file === word)
        ? `<a href="#${escaped(word)}">${escaped(word)}</a>`
        : escaped(word),
    )
    .join("");
}

function sourceText({ file, text }: Source): string {
  return `<h3 id="${escaped(file)}">${escaped(file)}</h3>
<pre tabindex="0">${escaped(text)}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; --ink: #1c2733; --faint: #d5dbe1; --bar: #8fa3b8; --reference: #0b6bcb; --paper: #fff; --sunken: #f3f5f7; --link: #0a5cb0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e9ef; --faint: #36424e; --bar: #62788f; --reference: #58a6ff; --paper: #12181f; --sunken: #1a222b; --link: #79b8ff; }
}
body { margin: 0 auto; max-width: 47.5rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); } :focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
h3 { font-size: 0.9rem; margin: 1.6rem 0 0.4rem; overflow-wrap: anywhere; scroll-margin-top: 1rem; } h3:target { color: var(--link); }
pre { margin: 0; padding: 0.8rem 1rem; overflow-x: auto; background: var(--sunken); border-radius: 6px; font: 0.78rem/1.5 ui-monospace, monospace; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.05rem; margin: 2.2rem 0 0.5rem; }
.about { opacity: 0.8; } figure { margin: 2rem 0 0; } figcaption { font-weight: 600; margin-bottom: 0.5rem; } figure svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 700px) { .wide { display: none; } .narrow { display: block; } }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--faint); }
td.word { white-space: normal; min-width: 8rem; overflow-wrap: break-word; } .word { text-align: left; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
`;
