import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, startFile } from "../process.ts";
import { smallFiles, theGround } from "./ground.ts";
import type { RawRequest } from "./loads/raw.ts";

/** Puts a server to work. */
export interface Load {
  /** @returns the seconds it took */
  run(port: number, count: number): Promise<number>;
  stop(): Promise<void>;
}

export type StartLoad = () => Promise<Load>;

const nothing = (): Promise<void> => Promise.resolve();
let names = 0;
const freshName = (): string => `up-${process.pid}-${(names += 1)}`;

/** One after the other with a program, once for each of `count`. */
function programLoad(run: (url: string) => Promise<number>): StartLoad {
  return () =>
    Promise.resolve({
      run: async (port, count) => {
        let seconds = 0;
        for (let turn = 0; turn < count; turn += 1) seconds += await run(`ftp://127.0.0.1:${port}`);
        return seconds;
      },
      stop: nothing,
    });
}

async function curl(...args: readonly string[]): Promise<number> {
  return (await runProgram("curl", ["-sS", "--insecure", ...args])).seconds;
}

export const bigDown = (tls: readonly string[] = []): StartLoad =>
  programLoad((url) => curl(...tls, "-o", "/dev/null", `${url}/big`));

export const bigUp = (tls: readonly string[] = []): StartLoad =>
  programLoad(async (url) => {
    const { root } = theGround();
    const name = freshName();
    const seconds = await curl(...tls, "-T", join(root, "big"), `${url}/in/${name}`);
    rmSync(join(root, "in", name), { force: true });
    return seconds;
  });

export const listing = (...args: readonly string[]): StartLoad =>
  programLoad(async (url) => await curl(...args, "-o", "/dev/null", `${url}/many/`));

/** 1 MiB for so many sessions at the same time, in one process of curl. */
export const crowd = (sessions: number): StartLoad =>
  programLoad(async (url) => {
    const { fetched } = theGround();
    const config = join(fetched, "crowd");
    const lines = Array.from(
      { length: sessions },
      () => `next\nsilent\nurl = "${url}/mega"\noutput = "/dev/null"\n`,
    );
    writeFileSync(config, lines.join("").replace("next\n", ""));
    // vsftpd resets some connections of a crowd; they come again.
    const retry = ["--retry", "9", "--retry-all-errors", "--retry-delay", "1"];
    return await curl(
      ...retry,
      "-Z",
      "--parallel-immediate",
      "--parallel-max",
      String(sessions),
      "--config",
      config,
    );
  });

export const lftpMirror = (direction: "down" | "up"): StartLoad =>
  programLoad(async (url) => {
    const { root, fetched } = theGround();
    const name = freshName();
    const target = direction === "down" ? join(fetched, name) : join(root, "in", name);
    const script =
      direction === "down"
        ? `mirror --parallel=1 small ${target}`
        : `mirror -R --parallel=1 ${join(root, "small")} in/${name}`;
    const settings = "set ftp:ssl-allow no; set net:max-retries 1; set mirror:set-permissions off";
    const { seconds } = await runProgram("lftp", ["--norc", "-c", `${settings}; open ${url}; ${script}`]);
    rmSync(target, { recursive: true, force: true });
    return seconds;
  });

/** Our own load in a process of its own. */
function rawLoad(request: (port: number, count: number) => RawRequest, clean = nothing): StartLoad {
  return async () => {
    const child = await startFile("ftp/loads/raw.ts");
    return {
      run: async (port, count) => {
        const { seconds } = await child.ask<{ seconds: number }>(request(port, count));
        await clean();
        return seconds;
      },
      stop: () => child.stop(),
    };
  };
}

/** USER, PASS, QUIT on a connection each. */
export const logins = (atOnce: number): StartLoad =>
  rawLoad((port, count) => ({ kind: "logins", port, count, atOnce }));

/** 500 files with basic-ftp over one connection. */
export const smallWithBasicFtp = (direction: "down" | "up"): StartLoad => {
  return rawLoad(
    (port, count) => {
      const { root, fetched } = theGround();
      mkdirSync(join(fetched, "basic"), { recursive: true });
      return { kind: "basic-ftp", port, count, direction, files: smallFiles, root, fetched };
    },
    async () => {
      const { root } = theGround();
      for (let file = 0; file < smallFiles; file += 1) {
        rmSync(join(root, "in", `basic-${file}.txt`), { force: true });
      }
    },
  );
};
