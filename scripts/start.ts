import { listenAddress, value } from "./command-line/flags.ts";
import { type OptionsOf, command, main } from "./command-line.ts";
import { commonRules, rulesByDialect } from "./command-line/rules.ts";
import { startNames } from "./dns.ts";
import { fileFlags } from "./ftp/flags.ts";
import { type FileService, startFiles } from "./ftp.ts";
import { startTable } from "./game.ts";
import { startWays } from "./proxy.ts";
import { startTalks } from "./chat.ts";
import { serve, type Service, together } from "./serve.ts";
import { mailFlags } from "./smtp/flags.ts";
import { startMail } from "./smtp.ts";
import { startKeys } from "./store.ts";
import { startQuotes } from "./ticker.ts";
import { webFlags } from "./web/flags.ts";
import { startPages } from "./web.ts";

const flags = {
  ...mailFlags,
  ftp: value(
    { argument: "[ip]:port", help: "where the file server listens; default 127.0.0.1:2121" },
    listenAddress,
  ),
  dns: value(
    { argument: "[ip]:port", help: "where the name server listens; default 127.0.0.1:5353" },
    listenAddress,
  ),
  store: value(
    { argument: "[ip]:port", help: "where the key-value store listens; default 127.0.0.1:6380" },
    listenAddress,
  ),
  proxy: value(
    { argument: "[ip]:port", help: "where the proxy listens; default 127.0.0.1:3128" },
    listenAddress,
  ),
  control: value(
    { argument: "[ip]:port", help: "where toxiproxy's API listens; default 127.0.0.1:8474" },
    listenAddress,
  ),
  web: value(
    { argument: "[ip]:port", help: "where the web server listens; default 127.0.0.1:8080" },
    listenAddress,
  ),
  chat: value({ argument: "[ip]:port", help: "where IRC listens; default 127.0.0.1:6667" }, listenAddress),
  chatPage: value(
    { argument: "[ip]:port", help: "where the page of the chat is; default 127.0.0.1:8066" },
    listenAddress,
  ),
  game: value(
    { argument: "[ip]:port", help: "where the game listens; default 127.0.0.1:8067" },
    listenAddress,
  ),
  ticker: value(
    { argument: "[ip]:port", help: "where the ticker listens; default 127.0.0.1:8068" },
    listenAddress,
  ),
  webRoot: webFlags.root,
  ftpRoot: fileFlags.root,
  ftpUser: fileFlags.user,
} as const;

/** `npm start`: every server there is on its usual port, with one dashboard. A new server is a line in the list. */
export const start = command({
  name: "start",
  summary: "all servers on their usual ports, with one dashboard",
  flags,
  run: (options) => serve(() => startAll(options), options),
});

async function startAll(options: OptionsOf<typeof flags>): Promise<Service> {
  const rules = await rulesByDialect(options.rules, ["smtp", "ftp", "resp", "dns", "line", "message"]);
  // The dashboard starts with the mail server and shows the files, so these are there first, and named second.
  const files = await filesOf(options, rules.ftp);
  try {
    return await together([
      () => startMail({ ...options, rules: rules.smtp }, files.face),
      () => Promise.resolve(files),
      () => namesOf(options, rules.dns),
      () => keysOf(options, rules.resp),
      () => pagesOf(options),
      () => waysOf(options),
      () => livePagesOf(options, rules.message),
      () => talksOf(options, rules.line),
    ]);
  } catch (error) {
    await files.close({ graceMs: 0 });
    throw error;
  }
}

/** Mail on a port of one's own is a second run, or a test: the other servers must not meet the usual ones either. */
function elsewhere({
  smtp,
}: OptionsOf<typeof flags>): { readonly host: string; readonly port: number } | undefined {
  return smtp === undefined ? undefined : { host: "127.0.0.1", port: 0 };
}

function namesOf(options: OptionsOf<typeof flags>, rules: readonly string[]): Promise<Service> {
  return startNames({ listen: options.dns ?? elsewhere(options), zone: [], rules, seed: options.seed });
}

function keysOf(options: OptionsOf<typeof flags>, rules: readonly string[]): Promise<Service> {
  return startKeys({ listen: options.store ?? elsewhere(options), rules, seed: options.seed });
}

function pagesOf(options: OptionsOf<typeof flags>): Promise<Service> {
  const listen = options.web ?? elsewhere(options);
  const none = { httpsPort: undefined, tlsCert: undefined, tlsKey: undefined, index: undefined } as const;
  return startPages({ ...none, root: options.webRoot }, listen ? [listen] : []);
}

function waysOf(options: OptionsOf<typeof flags>): Promise<Service> {
  const { proxy: listen = elsewhere(options), control = elsewhere(options) } = options;
  return startWays({ listen, control });
}

/** The game and the ticker: what they say are messages of WebSockets, so they are given the same rules. */
async function livePagesOf(options: OptionsOf<typeof flags>, rules: readonly string[]): Promise<Service> {
  const { seed, game = elsewhere(options), ticker = elsewhere(options) } = options;
  const both = await together([
    async () => named("game", await startTable({ listen: game, rules, seed })),
    async () => named("ticker", await startQuotes({ listen: ticker, rules, seed })),
  ]);
  return { ...both, rules: [commonRules(both.rules ?? [])] };
}

/** Several servers have a page and a stream. */
function named(name: string, service: Service): Service {
  const { page = "", stream = "" } = service.ready;
  return { ...service, ready: { [name]: page, [`${name}Stream`]: stream } };
}

async function talksOf(options: OptionsOf<typeof flags>, rules: readonly string[]): Promise<Service> {
  const { chat: listen = elsewhere(options), chatPage: page, seed } = options;
  const talks = await startTalks({ listen, page, rules, seed });
  const { chat = "", page: chatPage = "", stream: chatStream = "" } = talks.ready;
  return { ...talks, ready: { chat, chatPage, chatStream } };
}

function filesOf(options: OptionsOf<typeof flags>, rules: string[]): Promise<FileService> {
  const { ftpRoot: root, ftpUser: user, seed } = options;
  const listen = options.ftp ?? elsewhere(options);
  const none = { tlsPort: undefined, tlsCert: undefined, tlsKey: undefined } as const;
  const usual = { anonymous: false, requireTls: false, allowCcc: false, atomicUploads: false } as const;
  const passive = { passivePorts: undefined, passiveAddress: undefined } as const;
  return startFiles({ ...none, ...usual, ...passive, root, user, rules, seed }, listen ? [listen] : []);
}

if (import.meta.main) await main(start);
