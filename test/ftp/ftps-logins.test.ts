/*
 * FTPS logins one after the other by somebody else's clients in processes of their own: every one of them gets in, and
 * gets a file over a protected data connection. `FTPS_LOGINS=2000` for the full number.
 */
import { describe, expect, test } from "vitest";
import { startFtp } from "../../servers/ftp/index.ts";
import { needs, python, runTool, scratch } from "../peers/tools.ts";

const total = Number(process.env["FTPS_LOGINS"] ?? 200);

/** A client that logs in so many times and prints the file as often; each time as `user-N`, so that nothing is reused. */
interface Client {
  readonly name: string;
  readonly needs: readonly string[];
  run(port: number, count: number, folder: string): Promise<string>;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const withFtplib = `
import ftplib, ssl, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
for n in range(count):
    ftp = ftplib.FTP_TLS(context=ssl._create_unverified_context(), timeout=20)
    ftp.connect("127.0.0.1", port)
    ftp.login("user-%d" % n, "secret")
    ftp.prot_p()
    ftp.retrbinary("RETR file", lambda data: sys.stdout.write(data.decode()))
    ftp.quit()
`;

const withBasicFtp = `
import { PassThrough } from "node:stream";
import { Client } from "basic-ftp";
const [port, count] = process.argv.slice(1).map(Number);
for (let n = 0; n < count; n += 1) {
  const client = new Client();
  await client.access({
    host: "127.0.0.1", port, user: "user-" + n, password: "secret",
    secure: true, secureOptions: { rejectUnauthorized: false },
  });
  const content = new PassThrough();
  await client.downloadTo(content, "file");
  process.stdout.write(content.read());
  client.close();
}
`;

const clients: readonly Client[] = [
  {
    name: "curl",
    needs: ["curl"],
    run: async (port, count, folder) => {
      const login = (n: number): string =>
        `url = "ftp://127.0.0.1:${port}/file"\nuser = "user-${n}:secret"\nssl-reqd\ninsecure\nsilent\nmax-time = 20\n`;
      const { stdout } = await runTool("curl", ["--config", "-"], {
        input: numbers(count).map(login).join("next\n"),
        cwd: folder,
      });
      return stdout;
    },
  },
  {
    name: "lftp",
    needs: ["lftp"],
    run: async (port, count, folder) => {
      const settings = ["ssl:verify-certificate no", "ftp:ssl-force yes", "ftp:ssl-protect-data yes"];
      const login = (n: number): string =>
        `open -u user-${n},secret ftp://127.0.0.1:${port}; cat file; close -a`;
      const script = [...settings.map((setting) => `set ${setting}`), ...numbers(count).map(login)];
      const { stdout } = await runTool("lftp", ["--norc", "-c", script.join("; ")], {
        env: { HOME: folder, LFTP_HOME: folder },
      });
      return stdout;
    },
  },
  {
    name: "ftplib",
    needs: [python],
    run: async (port, count) =>
      (await runTool(python, ["-c", withFtplib, String(port), String(count)])).stdout,
  },
  {
    name: "basic-ftp",
    needs: [],
    run: async (port, count) => {
      const program = ["--input-type=module", "-e", withBasicFtp, String(port), String(count)];
      return (await runTool(process.execPath, program)).stdout;
    },
  },
];

describe(`${total} FTPS logins`, () => {
  for (const client of clients) {
    const count = Math.ceil(total / clients.length);
    test(`all ${count} of ${client.name}`, { ...needs(...client.needs), timeout: 120_000 }, async () => {
      using folder = scratch();
      const users = numbers(count).map((n) => ({ name: `user-${n}`, password: "secret" }));
      await using ftp = await startFtp({ files: { file: "content\n" }, requireTls: true, users });
      const printed = await client.run(ftp.port, count, folder.path);
      expect(printed.match(/content\n/g)).toHaveLength(count);
      const log = ftp.log();
      const accepted = log.flatMap((event) =>
        event.type === "login" && event.isAccepted ? [event.user] : [],
      );
      expect(new Set(accepted).size).toBe(count);
      const states = new Set(log.flatMap((event) => (event.type === "download" ? [event.state] : [])));
      expect([...states]).toEqual(["started", "finished"]);
    });
  }
});
