import { floodedWithCommands, holdingSessions, startInProcess, underLoad } from "./ftp/contestants.ts";
import { bigBytes, smallFiles } from "./ftp/ground.ts";
import {
  bigDown,
  bigUp,
  crowd,
  lftpMirror,
  listing,
  logins,
  smallWithBasicFtp,
  type StartLoad,
} from "./ftp/loads.ts";
import {
  type FileServer,
  ftpSrv,
  portside,
  portsideMemory,
  pyftpdlib,
  vsftpd,
  vsftpdTls,
} from "./ftp/servers.ts";
import type { BenchCase } from "./harness.ts";

const megabytes = bigBytes / 1e6;
const tls = ["--ssl-reqd"];

/** The file server against vsftpd (C, sendfile), pyftpdlib and ftp-srv; files on a RAM disk, other people's clients. */
export const cases: readonly BenchCase[] = [
  { ...big("1 GiB down", bigDown(), portside, vsftpd), goals: [{ against: "vsftpd", atLeast: 0.9 }] },
  { ...big("1 GiB up", bigUp(), portside, vsftpd), goals: [{ against: "vsftpd", atLeast: 1 }] },
  {
    ...big("1 GiB down from memory", bigDown(), portsideMemory, vsftpd),
    goals: [{ against: "vsftpd", atLeast: 1.4 }],
  },
  {
    ...big("1 GiB down over TLS", bigDown(tls), portside, vsftpdTls),
    goals: [{ against: "vsftpd", atLeast: 1.7 }],
  },
  {
    ...big("1 GiB up over TLS", bigUp(tls), portside, vsftpdTls),
    goals: [{ against: "vsftpd", atLeast: 3 }],
  },
  ...(["down", "up"] as const).flatMap((direction): BenchCase[] => [
    {
      ...files(`500 files of 4 KiB ${direction}, lftp mirror`, lftpMirror(direction), [vsftpd]),
      goals: [{ against: "vsftpd", atLeast: 0.95 }],
    },
    {
      ...files(`500 files of 4 KiB ${direction}, basic-ftp`, smallWithBasicFtp(direction), [vsftpd, ftpSrv]),
      goals: [
        { against: "vsftpd", atLeast: 0.95 },
        { against: "ftp-srv", atLeast: 30 },
      ],
    },
  ]),
  ...[50, 200].map((sessions): BenchCase => ({
    name: `${sessions} sessions at once, 1 MiB each`,
    unit: "sessions/s",
    ours: underLoad(portside, crowd(sessions), sessions),
    // vsftpd resets so many of 200 that come at once that curl never gets all of its files.
    peers: (sessions > 50 ? [pyftpdlib] : [vsftpd, pyftpdlib]).map((peer) =>
      underLoad(peer, crowd(sessions), sessions),
    ),
    // Times of at most 0.35 and 1.0.
    goals: [
      ...(sessions > 50 ? [] : [{ against: "vsftpd", atLeast: 2.86 }]),
      { against: "pyftpdlib", atLeast: 1 },
    ],
    count: 1,
    isSequential: true,
  })),
  ...[1, 8].map((atOnce): BenchCase => ({
    name: `logins, ${atOnce} at once`,
    unit: "per s",
    ours: underLoad(portside, logins(atOnce)),
    peers: [underLoad(pyftpdlib, logins(atOnce)), underLoad(ftpSrv, logins(atOnce))],
    goals: [
      { against: "pyftpdlib", atLeast: 1 },
      { against: "ftp-srv", atLeast: 1.5 },
    ],
  })),
  {
    name: "LIST of 10,000 files",
    unit: "per s",
    ours: underLoad(portside, listing()),
    peers: [underLoad(vsftpd, listing()), underLoad(pyftpdlib, listing())],
    // A time of at most 1.4.
    goals: [{ against: "vsftpd", atLeast: 0.714 }],
    count: 5,
    isSequential: true,
  },
  {
    name: "MLSD of 10,000 files",
    unit: "per s",
    ours: underLoad(portside, listing("-X", "MLSD")),
    peers: [underLoad(pyftpdlib, listing("-X", "MLSD"))],
    goals: [{ against: "pyftpdlib", atLeast: 1 }],
    count: 5,
    isSequential: true,
  },
  {
    name: "memory of an idle session, 10,000 held",
    unit: "KB",
    ours: holdingSessions,
    peers: [],
    goals: [{ atMost: 7 }],
    warmUpSeconds: 0,
    count: 10_000,
    maxRounds: 3,
  },
  {
    name: "98 MB of commands, replies unread",
    unit: "MB",
    ours: floodedWithCommands,
    peers: [],
    goals: [{ atMost: 16 }],
    warmUpSeconds: 0,
    count: 1,
    maxRounds: 3,
  },
  {
    name: "start and close in the process",
    unit: "ms",
    ours: startInProcess,
    peers: [],
    goals: [{ atMost: 10 }],
    count: 50,
  },
];

function big(name: string, load: StartLoad, ours: FileServer, peer: FileServer): Omit<BenchCase, "goals"> {
  return {
    name,
    unit: "MB/s",
    ours: underLoad(ours, load, megabytes),
    peers: [underLoad(peer, load, megabytes)],
    count: 1,
    maxRounds: 5,
    isSequential: true,
  };
}

function files(name: string, load: StartLoad, peers: readonly FileServer[]): Omit<BenchCase, "goals"> {
  return {
    name,
    unit: "files/s",
    ours: underLoad(portside, load, smallFiles),
    peers: peers.map((peer) => underLoad(peer, load, smallFiles)),
    count: 1,
    maxRounds: 5,
    isSequential: true,
  };
}
