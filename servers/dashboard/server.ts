import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { WireError } from "../../wire/errors.ts";
import type { Answers } from "./answers.ts";
import { Runs } from "./compare/runs.ts";
import { fileJournalOf } from "./files/journal.ts";
import { inboxesOf } from "./mail/inboxes.ts";
import { journalOf } from "./mail/journal.ts";
import { tallyOf } from "./mail/tally.ts";
import { dashboardDefaults, type DashboardOptions } from "./options.ts";
import type { Services } from "./services.ts";

/** A running dashboard: the page and the REST of a mail server, and of a file server beside it. */
export interface Dashboard {
  /** Where it is, without a slash at the end: `http://127.0.0.1:8025`. */
  readonly url: string;
  readonly port: number;
  /** Stop: open streams end at once, other requests may finish within `graceMs`. Twice is the same as once. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const { version } = createRequire(import.meta.url)("portside/package.json") as { version: string };

/**
 * Show a running mail server on a page and over REST.
 * @throws TypeError when the options contradict each other; WireError `ADDRESS_IN_USE` when the port is taken
 * @example await using dashboard = await startDashboard({ mail: smtp, port: 8025 });
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const settings = { ...dashboardDefaults, ...options };
  if (!settings.webroot.startsWith("/") || /[?#\s{}:*]/.test(settings.webroot)) {
    throw new TypeError(`webroot must be a path such as "/mail", got ${JSON.stringify(settings.webroot)}`);
  }
  const closing = new AbortController();
  const services: Services = {
    settings,
    inboxes: inboxesOf(settings.mail),
    journal: await journalOf(settings.mail.mailbox),
    fileJournal: fileJournalOf(settings.files),
    runs: settings.compare && new Runs(settings.compare),
    tally: tallyOf(settings.mail),
    version,
    closing: closing.signal,
  };
  // All that it answers is 120 modules. It listens before they are there, and who asks meanwhile waits for them.
  let answers: Answers | undefined;
  let loading: Promise<Answers> | undefined;
  const load = (): Promise<Answers> =>
    (loading ??= import("./answers.ts").then(({ answersOf }) => (answers = answersOf(services))));
  const whenLoaded = (then: (answers: Answers) => void): void => {
    if (answers) then(answers);
    else void load().then(then);
  };
  const http = createServer((request, response) => {
    whenLoaded(({ requests }) => void requests(request, response));
  });
  http.on("upgrade", (request, socket, head) => {
    // One that breaks off needs no answer.
    socket.on("error", () => socket.destroy());
    whenLoaded(({ events }) => events.welcome(request, socket, head));
  });
  // A connection that becomes idle while we close is closed as well: keep-alive would hold it for seconds.
  http.on("request", (_request, response) => {
    response.once("close", () => closing.signal.aborted && setImmediate(() => http.closeIdleConnections()));
  });
  const letGo = (): void => {
    closing.abort();
    services.inboxes.close();
    services.journal.close();
    services.fileJournal.close();
    services.runs?.close();
    services.tally.stop();
  };
  try {
    await listening(http, settings.host, settings.port);
  } catch (error) {
    letGo();
    throw error;
  }
  // Behind whatever is said of a server that is ready.
  const loadSoon = setImmediate(() => void load());
  const { port } = http.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  const close: Dashboard["close"] = ({ graceMs = 1000 } = {}) => {
    closed ??= (async () => {
      const ended = new Promise<void>((resolve) => http.close(() => resolve()));
      letGo();
      clearImmediate(loadSoon);
      http.closeIdleConnections();
      const deadline = setTimeout(() => {
        if (loading) whenLoaded(({ events }) => events.end());
        http.closeAllConnections();
      }, graceMs);
      await ended;
      clearTimeout(deadline);
      await loading;
    })();
    return closed;
  };
  return {
    url: `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}${settings.webroot.replace(/\/+$/, "")}`,
    port,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function listening(http: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(
        new WireError(
          "ADDRESS_IN_USE",
          `${host}:${port} is taken by another process; choose another, or port 0 for a free one`,
          { cause: error },
        ),
      );
    });
    http.listen(port, host, resolve);
  });
}
