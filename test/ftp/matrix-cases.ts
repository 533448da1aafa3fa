/** What somebody else's clients do with a server, whichever it is: the cases, and the cells of case × client × way. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Folder, FtpEvent } from "../../servers/ftp/index.ts";
import { basicFtp } from "./peers/basic-ftp.ts";
import { curl } from "./peers/curl.ts";
import { ftplib } from "./peers/ftplib.ts";
import { lftp } from "./peers/lftp.ts";
import { ncftp } from "./peers/ncftp.ts";
import { type Peer, type Target, type Way, ways } from "./peers/peer.ts";
import { tnftp } from "./peers/tnftp.ts";
import { wget } from "./peers/wget.ts";

export const peers: readonly Peer[] = [curl, lftp, ncftp, tnftp, wget, ftplib, basicFtp];

/** What a case works with: a folder on the server and one on this machine, both its own and empty. */
export interface Ground {
  readonly target: Target;
  readonly there: string;
  readonly here: string;
  readonly files: Folder;
  /** Write a file here. @returns its path */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly read: (name: string) => string;
  /** What the server saw, if it tells. */
  readonly log?: () => readonly FtpEvent[];
}

/** A ground whose folder here is made, and the one there must be. */
export function groundOf(
  target: Omit<Target, "home">,
  files: Folder,
  there: string,
  here: string,
  log?: Ground["log"],
): Ground {
  mkdirSync(here);
  const at = (name: string): string => join(here, name);
  return {
    target: { ...target, home: here },
    there,
    here,
    files,
    write: (name, content) => {
      writeFileSync(at(name), content);
      return at(name);
    },
    read: (name) => readFileSync(at(name), "latin1"),
    ...(log && { log }),
  };
}

/** One client, one case, one way. */
export interface Cell {
  /** `uploads a file` */
  readonly title: string;
  /** `AUTH TLS, passive, IPv6` */
  readonly wayTitle: string;
  readonly way: Way;
  readonly run: (ground: Ground) => Promise<void>;
}

/** Everything that a client does. */
export function cellsOf(peer: Peer): Cell[] {
  return ways
    .filter((way) => peer.speaks(way))
    .flatMap((way) => {
      const isPlainest = Object.entries(plainest).every(([key, value]) => way[key as keyof Way] === value);
      const tls = { none: "plain", explicit: "AUTH TLS", implicit: "implicit TLS" }[way.tls];
      return cases
        .filter(
          ({ verbs, isEverywhere, except }) =>
            (isPlainest || isEverywhere) && verbs.every((verb) => peer[verb]) && !except?.[peer.name],
        )
        .map(({ title, run }) => ({
          title,
          wayTitle: `${tls}, ${way.mode}, ${way.family}`,
          way,
          run: (ground: Ground) => run(peer as Required<Peer>, ground),
        }));
    });
}

/** Something that every client does which can. */
interface Case {
  readonly title: string;
  readonly verbs: readonly (keyof Peer)[];
  /** Whether it is tried in every way, or only in the plainest one. */
  readonly isEverywhere?: boolean;
  /** Clients that cannot do it with any server, and why. */
  readonly except?: Readonly<Record<string, string>>;
  readonly run: (peer: Required<Peer>, ground: Ground) => Promise<void>;
}

const megabyte = Buffer.alloc(1_048_577, "0123456789abcdef-");
const plainest: Way = { tls: "none", mode: "passive", family: "IPv4" };

const cases: readonly Case[] = [
  {
    title: "uploads a file",
    verbs: ["put"],
    isEverywhere: true,
    run: async (peer, { target, there, files, write }) => {
      await peer.put(target, write("up.bin", megabyte), `${there}/file.bin`);
      expect((await files.read(`${there}/file.bin`)).equals(megabyte)).toBe(true);
    },
  },
  {
    title: "downloads a file",
    verbs: ["get"],
    isEverywhere: true,
    run: async (peer, { target, there, here, files }) => {
      await files.write(`${there}/file.bin`, megabyte);
      await peer.get(target, `${there}/file.bin`, join(here, "down.bin"));
      expect(readFileSync(join(here, "down.bin")).equals(megabyte)).toBe(true);
    },
  },
  {
    title: "lists a folder",
    verbs: ["list"],
    isEverywhere: true,
    run: async (peer, { target, there, files }) => {
      await files.write(`${there}/orders 1.csv`, "x");
      await files.makeDirectory(`${there}/sub`);
      const listed = await peer.list(target, there);
      for (const name of ["orders 1.csv", "sub"]) expect(listed).toContain(name);
    },
  },
  {
    title: "goes on with a download",
    verbs: ["resumeGet"],
    run: async (peer, { target, there, here, files, write, log }) => {
      await files.write(`${there}/file.bin`, megabyte);
      const from = log?.().length;
      await peer.resumeGet(target, `${there}/file.bin`, write("part.bin", megabyte.subarray(0, 400_000)));
      expect(readFileSync(join(here, "part.bin")).equals(megabyte)).toBe(true);
      const transfers = log?.().slice(from);
      if (transfers)
        expect(transfers.some((event) => event.type === "download" && event.startAt === 400_000)).toBe(true);
    },
  },
  {
    title: "goes on with an upload",
    verbs: ["resumePut"],
    run: async (peer, { target, there, files, write }) => {
      await files.write(`${there}/file.bin`, megabyte.subarray(0, 400_000));
      await peer.resumePut(target, write("up.bin", megabyte), `${there}/file.bin`);
      expect((await files.read(`${there}/file.bin`)).equals(megabyte)).toBe(true);
    },
  },
  {
    title: "appends",
    verbs: ["append"],
    run: async (peer, { target, there, files, write }) => {
      await files.write(`${there}/log`, "one,");
      await peer.append(target, write("more", "two"), `${there}/log`);
      expect(await files.text(`${there}/log`)).toBe("one,two");
    },
  },
  {
    title: "fetches a tree",
    verbs: ["mirrorDown"],
    run: async (peer, { target, there, here, files }) => {
      await files.write(`${there}/a.txt`, "one");
      await files.write(`${there}/deep/er/b c.txt`, "two");
      const local = join(here, there);
      mkdirSync(local);
      await peer.mirrorDown(target, there, local);
      expect(readFileSync(join(local, "a.txt"), "utf8")).toBe("one");
      expect(readFileSync(join(local, "deep/er/b c.txt"), "utf8")).toBe("two");
    },
  },
  {
    title: "sends a tree",
    verbs: ["mirrorUp"],
    run: async (peer, { target, there, here, files }) => {
      const local = join(here, "tree");
      mkdirSync(join(local, "deep", "er"), { recursive: true });
      writeFileSync(join(local, "a.txt"), "one");
      writeFileSync(join(local, "deep", "er", "b c.txt"), "two");
      await peer.mirrorUp(target, local, `${there}/tree`);
      expect(await files.tree(`${there}/tree`)).toEqual(["a.txt", "deep/er/b c.txt"]);
    },
  },
  {
    title: "makes a folder and removes it",
    verbs: ["makeFolder", "removeFolder"],
    run: async (peer, { target, there, files }) => {
      await peer.makeFolder(target, `${there}/new folder`);
      expect((await files.stat(`${there}/new folder`)).type).toBe("folder");
      await peer.removeFolder(target, `${there}/new folder`);
      expect(await files.exists(`${there}/new folder`)).toBe(false);
    },
  },
  {
    title: "removes a file and renames another",
    verbs: ["remove", "rename"],
    run: async (peer, { target, there, files }) => {
      await files.write(`${there}/old`, "x");
      await files.write(`${there}/from`, "y");
      await peer.remove(target, `${there}/old`);
      await peer.rename(target, `${there}/from`, `${there}/to`);
      expect(await files.tree(there)).toEqual(["to"]);
    },
  },
  {
    title: "fetches text with this machine's line ends",
    verbs: ["getText"],
    run: async (peer, { target, there, here, files, read }) => {
      await files.write(`${there}/text`, "one\ntwo\n");
      await peer.getText(target, `${there}/text`, join(here, "text"));
      // curl and lftp keep the CRLF of the wire.
      expect(read("text").replaceAll("\r\n", "\n")).toBe("one\ntwo\n");
    },
  },
  {
    title: "asks for a size",
    verbs: ["size"],
    run: async (peer, { target, there, files }) => {
      await files.write(`${there}/file.bin`, Buffer.alloc(12_345));
      expect(await peer.size(target, `${there}/file.bin`)).toContain("12345");
    },
  },
  {
    title: "transfers an empty file both ways",
    verbs: ["put", "get"],
    run: async (peer, { target, there, here, files, write, read }) => {
      await peer.put(target, write("up", ""), `${there}/empty`);
      expect(await files.read(`${there}/empty`)).toHaveLength(0);
      await peer.get(target, `${there}/empty`, join(here, "down"));
      expect(read("down")).toBe("");
    },
  },
  {
    title: "hears that a file is missing",
    verbs: ["get"],
    run: async (peer, { target, there, here }) => {
      await expect(peer.get(target, `${there}/missing`, join(here, "down"))).rejects.toThrow();
    },
  },
  {
    title: "hears that the password is wrong",
    verbs: ["get"],
    run: async (peer, { target, there, here, files }) => {
      await files.write(`${there}/file`, "x");
      const wrong = { ...target, password: "wrong" };
      await expect(peer.get(wrong, `${there}/file`, join(here, "down"))).rejects.toThrow();
    },
  },
  ...[" both ends ", "grüße €", '"quoted"', "-dash", "a*b?[c]", "100%25#1", "back\\slash", "日本"].map(
    (name): Case => ({
      title: `keeps the name ${JSON.stringify(name)}`,
      verbs: ["put", "get"],
      except: {
        ncftp: "its programs strip and expand names",
        ...(/["*\\]/.test(name) ? { tnftp: "it reads these characters itself" } : {}),
        ...(name.startsWith(" ") ? { "basic-ftp": "it goes by CWD and PWD for such names" } : {}),
      },
      run: async (peer, { target, there, here, files, write, read }) => {
        await peer.put(target, write("up", name), `${there}/${name}`);
        expect(await files.tree(there)).toEqual([name]);
        await peer.get(target, `${there}/${name}`, join(here, "down"));
        expect(Buffer.from(read("down"), "latin1").toString()).toBe(name);
      },
    }),
  ),
];
