#!/usr/bin/env node
import { createRequire, enableCompileCache } from "node:module";
import type { Command } from "./command-line.ts";

// What is compiled now is there for the next start, which takes half the time. Before anything of ours is loaded.
enableCompileCache();

/** What can be run, in the order of the list. Only what is asked for is loaded. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./start.ts")).start,
  smtp: async () => (await import("./smtp.ts")).smtp,
  ftp: async () => (await import("./ftp.ts")).ftp,
  web: async () => (await import("./web.ts")).web,
  dns: async () => (await import("./dns.ts")).dns,
  proxy: async () => (await import("./proxy.ts")).proxy,
  store: async () => (await import("./store.ts")).store,
  chat: async () => (await import("./chat.ts")).chat,
  game: async () => (await import("./game.ts")).game,
  ticker: async () => (await import("./ticker.ts")).ticker,
  "send-mail": async () => (await import("./send-mail.ts")).sendMailCommand,
  upload: async () => (await import("./upload.ts")).upload,
  download: async () => (await import("./download.ts")).download,
  list: async () => (await import("./list.ts")).list,
  talk: async () => (await import("./talk.ts")).talk,
  probe: async () => (await import("./probe.ts")).probe,
  compare: async () => (await import("./compare.ts")).compareCommand,
  exchange: async () => (await import("./exchange.ts")).exchange,
};

const { version } = createRequire(import.meta.url)("portside/package.json") as { version: string };
const [name = "--help", ...args] = process.argv.slice(2);
const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (load) {
  const { main } = await import("./command-line.ts");
  await main(await load(), args);
} else if (name === "--help" || name === "-h" || name === "help") console.log(await overview());
else if (name === "--version") console.log(version);
else {
  const { nearestWord } = await import("./command-line/nearest-word.ts");
  const nearest = nearestWord(name, Object.keys(commands));
  const advice = nearest === undefined ? "see portside --help" : `did you mean portside ${nearest}?`;
  process.stderr.write(`portside: ${name} is not a command; ${advice}\n`);
  process.exitCode = 1;
}

async function overview(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...loaded.map(({ name }) => name.length)) + 2;
  return [
    "portside: real socket servers for your tests",
    "",
    ...loaded.map(({ name, summary }) => `  portside ${name.padEnd(width)}${summary}`),
    "",
    "portside <command> --help lists the flags of a command.",
  ].join("\n");
}
