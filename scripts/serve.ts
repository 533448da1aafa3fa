import { flushCompileCache } from "node:module";
import { styleText } from "node:util";
import type { Rules } from "../wire/exchange/rule.ts";
import type { CloseOptions } from "../wire/listener.ts";
import type { Transcript, TranscriptEntry } from "../wire/transcript.ts";
import { toggle } from "./command-line/flags.ts";

/** Servers that run, as a command sees them. */
export interface Service {
  /** The addresses by name, in the order of the ready line. */
  readonly ready: Readonly<Record<string, string>>;
  /** What a person should know when it is ready: a word, and what there is to say of it. */
  readonly facts: readonly (readonly [about: string, text: string])[];
  /** Lines to try with a tool that the reader already has. */
  readonly tries: readonly string[];
  readonly transcripts: readonly Transcript[];
  /** Faults, of which those that never happened are told at the end. @default [] */
  readonly rules?: readonly Pick<Rules, "warnings">[];
  close(options: CloseOptions): Promise<void>;
}

/** The flags that every server command has. */
export const serveFlags = {
  json: toggle({ help: "say the addresses as one JSON object, the only line on stdout" }),
  quiet: toggle({ help: "say nothing when ready", letter: "q", env: ["MP_QUIET"] }),
  verbose: toggle({ help: "show the conversations on stderr", letter: "v", env: ["MP_VERBOSE"] }),
} as const;

/** How long those who are connected may take to finish after Ctrl-C. */
const graceMs = 5_000;

/**
 * Start servers, say that they are ready, and run until Ctrl-C or SIGTERM. They close gracefully then; a second signal
 * ends the process at once, with the exit code that a shell gives the signal.
 */
export async function serve(
  start: () => Promise<Service>,
  says: { readonly json: boolean; readonly quiet: boolean; readonly verbose: boolean },
): Promise<number> {
  const service = await start();
  if (says.verbose) for (const transcript of service.transcripts) transcript.watch(show);
  const asked = firstSignal();
  if (says.json) console.log(JSON.stringify(service.ready));
  else if (!says.quiet) console.log(screenOf(service));
  // Servers are killed more often than they are closed; what was compiled for this start is to be there for the next.
  // Half a second later also what is loaded behind the ready line is there.
  setTimeout(flushCompileCache, 500).unref();
  await asked;
  if (!says.quiet && !says.json) console.log("Closing; Ctrl-C again ends at once.");
  await service.close({ graceMs });
  if (says.quiet) return 0;
  for (const rules of service.rules ?? [])
    for (const warning of rules.warnings()) process.stderr.write(`warning: ${warning}\n`);
  return 0;
}

/**
 * Start one after the other. When one cannot, those before it are closed. Of the first all lines to try are told, of
 * the others one.
 */
export async function together(starts: readonly (() => Promise<Service>)[]): Promise<Service> {
  const services: Service[] = [];
  const close = async (options: CloseOptions): Promise<void> => {
    await Promise.all(services.map((service) => service.close(options)));
  };
  try {
    for (const start of starts) services.push(await start());
  } catch (error) {
    await close({ graceMs: 0 });
    throw error;
  }
  return {
    ready: Object.assign({}, ...services.map((service) => service.ready)) as Record<string, string>,
    facts: services.flatMap((service) => service.facts),
    tries: services.flatMap(({ tries }, index) => (index === 0 ? tries : tries.slice(0, 1))),
    transcripts: services.flatMap((service) => service.transcripts),
    rules: services.flatMap((service) => service.rules ?? []),
    close,
  };
}

/** One screen: the facts, and what to try. */
export function screenOf({ facts, tries }: Pick<Service, "facts" | "tries">): string {
  const width = Math.max(...facts.map(([about]) => about.length)) + 2;
  const rows = facts.map(([about, text]) => `  ${about.padEnd(width)}${text}`);
  const lines =
    tries.length === 0
      ? []
      : ["", "  Try it with a tool you have:", "", ...tries.map((line) => `    ${line}`)];
  return ["", ...rows, ...lines, "", "  Ctrl-C ends it.", ""].join("\n");
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Resolved with the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function firstSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isAsked = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isAsked) process.exit(exitCodes[signal]);
      isAsked = true;
      resolve();
    });
  }
  return promise;
}

const colours = { C: "cyan", S: "green", "*": "dim" } as const;

function show({ connection, from, text }: TranscriptEntry): void {
  const speaker = styleText("dim", `${connection} ${from}:`, { stream: process.stderr });
  process.stderr.write(`${speaker} ${styleText(colours[from], text, { stream: process.stderr })}\n`);
}
