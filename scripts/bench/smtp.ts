import type { BenchCase } from "./harness.ts";
import { holdingSessions, underLoad, underLoadUntilIndexed } from "./smtp/contestants.ts";
import { ownLoad, smtpSource, type StartLoad } from "./smtp/loads.ts";
import { searchingAmong } from "./smtp/search.ts";
import {
  aiosmtpd,
  bareSink,
  maildev,
  type MailServer,
  portside,
  portsideWhole,
  smtpServer,
  smtpSink,
  tlsServer,
} from "./smtp/servers.ts";
import { commandStart, libraryStart, nodeStart } from "./smtp/start.ts";

const kilobyte = 1_024;
const megabyte = 1_048_576;
const typicalMail = `${import.meta.dirname}/smtp/typical-mail.txt`;

/** The mail server against other people's, and against the least that a server can do. */
export const cases: readonly BenchCase[] = [
  {
    ...mails("one-shot nodemailer send", ownLoad("nodemailer.ts", 1), [bareSink, smtpServer]),
    goals: [{ against: "bare sink", atLeast: 0.95 }],
    isSequential: true,
  },
  {
    ...mails("1 KB kept, 10 sessions", smtpSource({ sessions: 10, isKept: true, bytes: kilobyte })),
    goals: [{ against: "bare sink", atLeast: 0.85 }],
  },
  {
    ...mails("1 KB kept, 100 sessions", smtpSource({ sessions: 100, isKept: true, bytes: kilobyte })),
    goals: [{ against: "bare sink", atLeast: 0.85 }],
  },
  {
    ...mails("1 KB, a connection each", smtpSource({ sessions: 20, isKept: false, bytes: kilobyte })),
    goals: [{ against: "bare sink", atLeast: 0.85 }],
  },
  {
    // One smtp-source writes less than our server and the bare sink read.
    ...mails(
      "1 MB kept, 10 sessions",
      smtpSource({ sessions: 10, isKept: true, bytes: megabyte, processes: 2 }),
    ),
    goals: [
      { against: "bare sink", atLeast: 1 },
      { against: "smtp-sink", atLeast: 5 },
    ],
  },
  {
    ...mails("1 KB pipelined, 10 sessions", ownLoad("pipelining.ts", 10)),
    goals: [{ against: "bare sink", atLeast: 0.8 }],
  },
  {
    name: "STARTTLS handshakes",
    unit: "per s",
    ours: underLoad(portside, ownLoad("handshakes.ts", 4, ["starttls"])),
    peers: [underLoad(tlsServer, ownLoad("handshakes.ts", 4))],
    goals: [{ against: "tls.createServer", atLeast: 0.85 }],
  },
  {
    name: "memory of an idle session, 10,000 held",
    unit: "KB",
    ours: holdingSessions(portside),
    peers: [holdingSessions(bareSink)],
    goals: [{ atMost: 6 }],
    warmUpSeconds: 0,
    count: 10_000,
    maxRounds: 3,
  },
  {
    name: "1 KB kept, 20 sessions, stored and indexed",
    unit: "mails/s",
    ours: underLoadUntilIndexed(portsideWhole, typical(20), "reimbursement"),
    peers: [bareSink, maildev].map((server) => underLoad(server, typical(20))),
    goals: [
      { against: "bare sink", atLeast: 0.6 },
      { against: "maildev", atLeast: 10 },
    ],
  },
  {
    name: "start: the first startSmtp() of a process",
    unit: "ms",
    ours: libraryStart,
    peers: [],
    goals: [{ atMost: 15 }],
    warmUpSeconds: 0,
    count: 3,
  },
  {
    name: "start: portside smtp, to its ready line",
    unit: "ms",
    ours: commandStart,
    peers: [nodeStart],
    goals: [{ atMost: 150 }],
    warmUpSeconds: 0,
    count: 3,
  },
  {
    name: "search among 100,000 mails, the slowest kind",
    unit: "ms",
    ours: searchingAmong(100_000),
    peers: [],
    goals: [{ atMost: 20 }],
    count: 15,
  },
];

function mails(
  name: string,
  load: StartLoad,
  peers: readonly MailServer[] = [bareSink, smtpSink, aiosmtpd, smtpServer],
): Pick<BenchCase, "name" | "unit" | "ours" | "peers"> {
  return {
    name,
    unit: "mails/s",
    ours: underLoad(portside, load),
    peers: peers.map((server) => underLoad(server, load)),
  };
}

function typical(sessions: number): StartLoad {
  return smtpSource({ sessions, isKept: true, file: typicalMail });
}
