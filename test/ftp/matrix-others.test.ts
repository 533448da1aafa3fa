/*
 * The cells of matrix.test.ts on vsftpd, on pyftpdlib, and on our engine "ftp-srv". Ours passes all of them; what the others fail is known, so that
 * a cell that fails everywhere shows up as a fault of the case or of the client. It takes a while: with CI, or with
 * FTP_MATRIX=1, which also prints the table.
 */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs, pathOf, python, type Scratch, scratch } from "../peers/tools.ts";
import { type Cell, cellsOf, groundOf, peers } from "./matrix-cases.ts";
import { startFtpSrv } from "./others/ftp-srv.ts";
import { openFolderAt, type Other } from "./others/other.ts";
import { startPyftpdlib } from "./others/pyftpdlib.ts";
import { startVsftpd } from "./others/vsftpd.ts";

const isShown = process.env["FTP_MATRIX"] !== undefined;
const atOnce = 4;

interface Outcome {
  readonly client: string;
  readonly cell: Cell;
  readonly result: "passes" | "fails" | "is not reached";
  readonly why?: string;
}

interface Contestant {
  readonly name: string;
  readonly needs: readonly string[];
  readonly start: (root: string, folder: Scratch) => Promise<Other>;
  /** So many cells it passes at least; our own sockets pass all of them. */
  readonly passes: number;
  /** The cells that it fails, always or now and then: `client: title, way`. */
  readonly fails: readonly { readonly cells: RegExp; readonly seen: string }[];
}

const contestants: readonly Contestant[] = [
  {
    name: "vsftpd",
    needs: ["vsftpd"],
    start: startVsftpd,
    passes: 210,
    fails: [
      { cells: /: hears that the password is wrong,/, seen: "it lets everybody in as it is set up here" },
      { cells: /^ftplib: lists a folder,/, seen: "500 to MLSD" },
      { cells: /: uploads a file, (AUTH|implicit) TLS,/, seen: "426 behind an upload that is complete" },
    ],
  },
  {
    name: "pyftpdlib",
    needs: [python],
    start: startPyftpdlib,
    passes: 170,
    fails: [
      {
        cells: /^curl: .*, AUTH TLS,/,
        seen: "curl ends with 8 or 13: it cannot read the reply to PASV or EPSV",
      },
      { cells: /^basic-ftp: .*, AUTH TLS,/, seen: "the data connection is reset" },
      { cells: /^lftp: .*, active, IPv6/, seen: "lftp gives up" },
      { cells: /^\w+: uploads a file, AUTH TLS,/, seen: "not all of the file is there at the 226" },
      { cells: /^ftplib: lists a folder, .*, active,/, seen: "the listing does not end in time" },
    ],
  },
  {
    name: "ftp-srv",
    needs: [],
    start: startFtpSrv,
    passes: 125,
    fails: [
      { cells: /: keeps the name "\\"quoted\\"",/, seen: "the quotes are gone" },
      { cells: /^ftplib: lists a folder,/, seen: "502 to MLSD" },
      { cells: /^tnftp: goes on with a download,/, seen: "the file is another one afterwards" },
      {
        cells: /^(curl|lftp|wget|ftplib): .*, AUTH TLS,/,
        seen: "the handshake of the data connection fails",
      },
    ],
  },
];

/** Run every cell; one that fails unexpectedly is tried again when the machine has nothing else to do. */
async function runAll(
  other: Other,
  root: string,
  here: string,
  isKnown: (outcome: Outcome) => boolean,
): Promise<Outcome[]> {
  const files = openFolderAt(root);
  let grounds = 0;
  const run = async (client: string, cell: Cell): Promise<Outcome> => {
    const port = other.port(cell.way);
    if (port === undefined) return { client, cell, result: "is not reached" };
    const number = (grounds += 1);
    await files.makeDirectory(`/${number}`);
    const host = cell.way.family === "IPv4" ? "127.0.0.1" : "::1";
    const { user, password } = other;
    const target = { ...cell.way, host, port, user, password };
    try {
      await cell.run(groundOf(target, files, `/${number}`, join(here, String(number))));
      return { client, cell, result: "passes" };
    } catch (error) {
      return { client, cell, result: "fails", why: String(error).trim().slice(-160) };
    }
  };
  const queue = peers
    .filter((peer) => peer.needs.every((name) => pathOf(name) !== undefined))
    .flatMap((peer) => cellsOf(peer).map((cell) => ({ client: peer.name, cell })));
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift())
      outcomes.push(await run(next.client, next.cell));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.result === "fails" && !isKnown(outcome))
      outcomes[index] = await run(outcome.client, outcome.cell);
  }
  return outcomes;
}

function titleOf({ client, cell }: Outcome): string {
  return `${client}: ${cell.title}, ${cell.wayTitle}`;
}

/** One server's part of the table. */
function report(name: string, outcomes: readonly Outcome[]): string {
  const count = (result: Outcome["result"]): number =>
    outcomes.filter((outcome) => outcome.result === result).length;
  return [
    `${name}: ${count("passes")} pass, ${count("fails")} fail, ${count("is not reached")} are not reached`,
    ...outcomes
      .filter(({ result }) => result === "fails")
      .map((outcome) => `  ${titleOf(outcome)}: ${outcome.why}`),
  ].join("\n");
}

describe("the matrix on other people's servers", { timeout: 300_000 }, () => {
  const isAsked = isShown || process.env["CI"] !== undefined;
  for (const { name, needs: programs, start, passes, fails } of contestants) {
    const skip = !isAsked || process.getuid?.() !== 0 || needs(...programs).skip;
    test(`${name} fails what it is known to fail, and nothing else`, { skip }, async () => {
      using folder = scratch();
      chmodSync(folder.path, 0o755);
      const root = join(folder.path, "root");
      const here = join(folder.path, "here");
      for (const path of [root, here]) mkdirSync(path, { mode: 0o755 });
      await using other = await start(root, folder);
      const isKnown = (outcome: Outcome): boolean => fails.some(({ cells }) => cells.test(titleOf(outcome)));
      const outcomes = await runAll(other, root, here, isKnown);
      if (isShown) process.stdout.write(`${report(name, outcomes)}\n`);
      const unknown = outcomes.filter((outcome) => outcome.result === "fails" && !isKnown(outcome));
      expect(unknown.map((outcome) => `${titleOf(outcome)}: ${outcome.why}`)).toEqual([]);
      expect(outcomes.filter(({ result }) => result === "passes").length).toBeGreaterThanOrEqual(passes);
    });
  }
});
