import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ftpFlags } from "../../scripts/ftp/flags.ts";
import { makeCertificateAuthority } from "../../wire/certificate.ts";
import { dialogue, type Dialogue, open } from "../ftp/dialogue.ts";
import { needs, portForOthers, runTool, scratch } from "../peers/tools.ts";
import { run, type Spawned } from "./spawned.ts";

interface FileServerProcess extends Spawned {
  readonly ftp: URL;
  readonly ftps: URL;
}

/** `npm run ftp` on a free port. */
async function start(...args: readonly string[]): Promise<FileServerProcess> {
  const spawned = run("ftp", ["--listen", ":0", "--json", ...args]);
  const ready = JSON.parse(await spawned.said("stdout", /^.*\n/)) as { ftp: string; ftps: string };
  const urls = { ftp: new URL(ready.ftp), ftps: new URL(ready.ftps) };
  return Object.assign(Object.create(spawned) as Spawned, urls);
}

const dial = ({ hostname, port }: URL): Promise<Dialogue> =>
  dialogue({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });

/** What the test of each flag is about: a flag without one is a failure. */
const proofs: Readonly<Record<string, () => Promise<void>>> = {
  listen: async () => {
    await using server = run("ftp", ["--listen", ":0", "--listen", "[::1]:0"]);
    const screen = await server.said("stdout", /File server .*\n/);
    const urls = screen.match(/ftp:\S+/g) ?? [];
    expect(urls).toHaveLength(2);
    for (const url of urls) {
      await using client = await dial(new URL(url));
      expect(await client.say("NOOP")).toMatch(/^200 /);
    }
  },

  root: async () => {
    using folder = scratch();
    folder.file("here.txt", "on the disk");
    await using server = await start("--root", folder.path);
    await using client = await dial(server.ftp);
    await client.login();
    expect((await client.fetch("RETR here.txt")).bytes.toString()).toBe("on the disk");
    await client.store("STOR new.txt", "new");
    expect(readFileSync(join(folder.path, "new.txt"), "utf8")).toBe("new");
  },

  user: async () => {
    await using server = await start("--user", "ann:secret:/home/ann", "--user", "bob:x:ro");
    await using ann = await dial(server.ftp);
    await ann.login("ann", "secret");
    expect(await ann.store("STOR a.txt", "a")).toMatch(/^226 /);
    await using bob = await dial(server.ftp);
    await bob.login("bob", "x");
    expect((await bob.fetch("NLST home/ann")).bytes.toString()).toContain("a.txt");
    expect(await bob.say("DELE home/ann/a.txt")).toMatch(/^550 /);
    await using nobody = await dial(server.ftp);
    await nobody.say("USER carl");
    expect(await nobody.say("PASS x")).toMatch(/^530 /);
  },

  anonymous: async () => {
    using folder = scratch();
    folder.file("a.txt", "a");
    await using closed = await start("--root", folder.path, "--user", "ann:secret");
    await using refused = await dial(closed.ftp);
    await refused.say("USER anonymous");
    expect(await refused.say("PASS me@test")).toMatch(/^530 /);

    await using opened = await start("--root", folder.path, "--user", "ann:secret", "--anonymous");
    for (const name of ["anonymous", "ftp"]) {
      await using guest = await dial(opened.ftp);
      await guest.say(`USER ${name}`);
      expect(await guest.say("PASS me@test")).toMatch(/^230 /);
      expect((await guest.fetch("RETR a.txt")).bytes.toString()).toBe("a");
      expect(await guest.store("STOR b.txt", "b")).toMatch(/^550 /);
      expect(await guest.say("DELE a.txt")).toMatch(/^550 /);
      expect(await guest.say("MKD c")).toMatch(/^550 /);
    }
    await using carl = await dial(opened.ftp);
    await carl.say("USER carl");
    expect(await carl.say("PASS me@test")).toMatch(/^530 /);
    await using ann = await dial(opened.ftp);
    await ann.login("ann", "secret");
    expect(await ann.store("STOR b.txt", "b")).toMatch(/^226 /);
    expect(readdirSync(folder.path).toSorted()).toEqual(["a.txt", "b.txt"]);
  },

  tlsPort: async () => {
    const port = await portForOthers();
    await using server = await start("--tls-port", String(port));
    expect(server.ftps.port).toBe(String(port));
    const args = ["-sSk", "-T", "-", `ftps://127.0.0.1:${port}/a.txt`];
    await runTool("curl", args, { input: "over TLS" });
    const clear = await runTool("curl", ["-sS", new URL("/a.txt", server.ftp).href]);
    expect(clear.stdout).toBe("over TLS");
  },

  requireTls: async () => {
    await using server = await start("--require-tls");
    await using client = await dial(server.ftp);
    expect(await client.say("USER ann")).toMatch(/^530 TLS is required/);
    await client.secure();
    await client.login();
    const data = await client.passive();
    expect(await client.say("LIST")).toMatch(/^521 /);
    data.destroy();
    expect(await client.say("NOOP")).toMatch(/^200 /);
  },

  tlsCert: () => ownCertificate(),
  tlsKey: () => ownCertificate(),

  allowCcc: async () => {
    await using server = await start("--allow-ccc");
    await using client = await dial(server.ftp);
    await client.secure();
    await client.login();
    expect(await client.say("CCC")).toMatch(/^200 /);
  },

  atomicUploads: async () => {
    using folder = scratch();
    await using server = await start("--root", folder.path, "--atomic-uploads");
    await using client = await dial(server.ftp);
    await client.login();
    const data = await client.passive();
    expect(await client.say("STOR a.txt")).toMatch(/^150 /);
    data.write("half");
    // The bytes are on their way to the disk, under another name, which nobody sees over FTP either.
    await expect.poll(() => readdirSync(folder.path).length).toBe(1);
    expect(readdirSync(folder.path)).not.toContain("a.txt");
    data.end(" and half");
    expect(await client.reply()).toMatch(/^226 /);
    expect(readdirSync(folder.path)).toEqual(["a.txt"]);
    expect(readFileSync(join(folder.path, "a.txt"), "utf8")).toBe("half and half");
  },

  passivePorts: async () => {
    const first = await portForOthers();
    await using server = await start("--passive-ports", `${first}-${first + 3}`);
    await using client = await dial(server.ftp);
    await client.login();
    for (let turn = 0; turn < 6; turn += 1) {
      const port = Number(/\|\|\|(\d+)\|/.exec(await client.say("EPSV"))?.[1]);
      expect(port - first).toBeGreaterThanOrEqual(0);
      expect(port - first).toBeLessThanOrEqual(3);
    }
  },

  passiveAddress: async () => {
    await using server = await start("--passive-address", "192.0.2.7");
    await using client = await dial(server.ftp);
    await client.login();
    const [, high, low] = /^227 .*\(192,0,2,7,(\d+),(\d+)\)/.exec(await client.say("PASV")) ?? [];
    // The port is real, whatever the address in front of it.
    const data = await open(Number(high) * 256 + Number(low));
    client.send("LIST\r\n");
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
    data.destroy();
  },

  rules: async () => {
    using folder = scratch();
    const script = "dialect: ftp\n\n(whenever)\n  C: NOOP\n  S: 451 Not now.\n(end)\n";
    await using server = await start("--rules", folder.file("a.exchange", script));
    await using client = await dial(server.ftp);
    await client.login();
    expect(await client.say("NOOP")).toBe("451 Not now.");
  },

  seed: async () => {
    using folder = scratch();
    const script = "dialect: ftp\n\n(whenever 50%)\n  C: NOOP\n  S: 451 Not now.\n(end)\n";
    const rules = folder.file("a.exchange", script);
    const said = async (seed: string): Promise<string> => {
      await using server = await start("--rules", rules, "--seed", seed);
      await using client = await dial(server.ftp);
      await client.login();
      let codes = "";
      for (let turn = 0; turn < 40; turn += 1) codes += (await client.say("NOOP")).slice(0, 1);
      return codes;
    };
    const seven = await said("7");
    expect(seven).toMatch(/2/);
    expect(seven).toMatch(/4/);
    expect(await said("7")).toBe(seven);
    expect(await said("8")).not.toBe(seven);
  },

  json: async () => {
    await using server = await start();
    expect(server.ftp.protocol).toBe("ftp:");
    expect(server.ftps.protocol).toBe("ftps:");
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stdout.split("\n")).toEqual([expect.stringMatching(/^\{"ftp":"ftp:.*"\}$/), ""]);
  },

  quiet: async () => {
    const port = await portForOthers();
    await using server = run("ftp", ["--listen", `:${port}`, "--quiet"]);
    await expect.poll(() => isOpen(port)).toBe(true);
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stdout).toBe("");
  },

  verbose: async () => {
    await using server = await start("--verbose");
    await using client = await dial(server.ftp);
    await client.say("NOOP");
    await server.said("stderr", /C: NOOP/);
    await server.said("stderr", /S: 200 /);
  },
};

describe("npm run ftp", () => {
  for (const [name, prove] of Object.entries(proofs)) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    test(`--${flag} does what its help says`, name === "tlsPort" ? needs("curl") : {}, prove);
  }

  test("--help names every flag, each is tested here, and it starts nothing", async () => {
    await using help = run("ftp", ["--help"]);
    expect(await help.ended).toBe(0);
    const named = [...help.stdout.matchAll(/^ {2}(?:-\w, | {4})--(\S+)/gm)].map(([, name = ""]) => name);
    const camel = (name: string): string =>
      name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(
      named
        .filter((name) => name !== "help")
        .map(camel)
        .toSorted(),
    ).toEqual(Object.keys(proofs).toSorted());
    expect(Object.keys(ftpFlags).toSorted()).toEqual(Object.keys(proofs).toSorted());
  });
});

async function isOpen(port: number): Promise<boolean> {
  try {
    (await open(port)).destroy();
    return true;
  } catch {
    return false;
  }
}

/** Both flags of a certificate: the one that is shown is the one that was given. */
async function ownCertificate(): Promise<void> {
  using folder = scratch();
  const authority = makeCertificateAuthority();
  const { cert, key } = authority.issue({ names: ["files.test"] });
  const given = ["--tls-cert", folder.file("cert.pem", cert), "--tls-key", folder.file("key.pem", key)];
  await using server = await start(...given);
  await using client = await dial(server.ftp);
  const socket = await client.secure();
  expect(socket.getPeerX509Certificate()?.subjectAltName).toBe("DNS:files.test");
}
