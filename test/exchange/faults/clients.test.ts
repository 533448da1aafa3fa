import { Client } from "basic-ftp";
import { createTransport } from "nodemailer";
import { afterAll, describe, expect, test } from "vitest";
import { startInterposer } from "../../../servers/exchange/index.ts";
import { type FtpOptions, startFtp } from "../../../servers/ftp/index.ts";
import { type SmtpOptions, startSmtp } from "../../../servers/smtp/index.ts";
import type { FaultRule } from "../../../wire/exchange/rule.ts";
import { faultNames } from "../../../wire/exchange/faults.ts";
import { datagramFaults, dnsFaults, frameFaults, pongFaults, storeFaults } from "./elsewhere.ts";
import { needs, runTool, scratch } from "../../peers/tools.ts";

/** Where the fault is caused: in the server itself, or in front of it. */
type Place = "server" | "interposer";
const places = ["server", "interposer"] as const;
const seen = new Set<string>();
/** Seen in store.test.ts, websocket.test.ts and test/dns/rules.test.ts, which say so themselves. */
const elsewhere: ReadonlySet<string> = new Set([
  ...storeFaults,
  ...frameFaults,
  ...pongFaults,
  ...dnsFaults,
  ...datagramFaults,
]);
const mail = "Subject: hello\r\n\r\nhello\r\n";

interface Fronted extends AsyncDisposable {
  readonly url: string;
  readonly ca: string;
  readonly mails: () => Promise<readonly unknown[]>;
  readonly fired: () => number;
}

async function mailServer(
  place: Place,
  rules: readonly FaultRule[],
  options: SmtpOptions = {},
): Promise<Fronted> {
  for (const { fault } of rules) seen.add(fault);
  const smtp = await startSmtp({ ...options, ...(place === "server" ? { rules } : {}) });
  const front = place === "server" ? smtp : await startInterposer({ target: smtp.url, rules });
  return {
    url: front.url,
    ca: front.ca,
    mails: () => smtp.mails(),
    fired: () => front.rules.list().reduce((sum, rule) => sum + rule.fired, 0),
    [Symbol.asyncDispose]: async () => {
      await front.close({ graceMs: 0 });
      await smtp.close({ graceMs: 0 });
    },
  };
}

async function curlMail({ url, ca }: Fronted, ...more: string[]): Promise<number | null> {
  using folder = scratch();
  const file = folder.file("ca.pem", ca);
  const named = url.replace("127.0.0.1", "localhost");
  const envelope = ["--mail-from", "ann@client.test", "--mail-rcpt", "bob@mail.test", "-T", "-"];
  const args = ["-sS", "-4", "--max-time", "2", "--cacert", file, named, ...envelope, ...more];
  return (await runTool("curl", args, { input: mail, codes: "any" })).code;
}

describe.each(places)("faults of mail in the %s, seen by curl:", (place) => {
  // The exit codes are curl's: https://curl.se/libcurl/c/libcurl-errors.html
  test.each<[name: string, rule: FaultRule, code: number, kept: number, args?: string[]]>([
    ["reply", { on: "RCPT", fault: "reply", code: 450 }, 55, 0],
    ["reply to MAIL", { on: "MAIL", fault: "reply", code: 552 }, 55, 0],
    ["reply_after", { on: ".", fault: "reply_after", code: 451 }, 8, 1],
    ["lost_reply", { fault: "lost_reply" }, 56, 1],
    ["disconnect", { on: "EHLO", fault: "disconnect" }, 56, 0],
    ["disconnect_421", { on: "MAIL", fault: "disconnect_421" }, 55, 0],
    ["reset_peer", { on: "RCPT", fault: "reset_peer" }, 56, 0],
    ["reset_peer on all bytes", { fault: "reset_peer", timeoutMs: 20 }, 56, 0],
    ["timeout", { on: "MAIL", fault: "timeout" }, 28, 0],
    ["timeout that closes", { on: "MAIL", fault: "timeout", timeoutMs: 50 }, 56, 0],
    ["latency", { on: "MAIL", fault: "latency", latencyMs: 3_000 }, 28, 0],
    ["short latency", { fault: "latency", latencyMs: 20, jitterMs: 10 }, 0, 1],
    ["bandwidth", { fault: "bandwidth", bytesPerSecond: 20 }, 28, 0],
    ["loss", { fault: "loss", lossPercent: 50, retransmitMs: 10 }, 0, 1],
    ["loss of everything", { fault: "loss", lossPercent: 100, retransmitMs: 500 }, 28, 0],
    ["slicer", { fault: "slicer", averageBytes: 3, variationBytes: 2 }, 0, 1],
    ["slow_close", { fault: "slow_close", delayMs: 30 }, 0, 1],
    ["limit_data", { fault: "limit_data", bytes: 60 }, 56, 0],
    ["limit_data that resets", { on: "EHLO", fault: "limit_data", bytes: 10, ending: "reset" }, 56, 0],
    ["garble", { on: "RCPT", fault: "garble", rate: 1 }, 28, 0],
    ["truncate", { on: "RCPT", fault: "truncate" }, 56, 0],
    ["coalesce", { on: "MAIL", fault: "coalesce", extra: { code: 550 } }, 55, 0],
    ["split", { on: "EHLO", fault: "split", pieceBytes: 20, delayMs: 1 }, 0, 1],
    ["bare_lf", { on: "EHLO", fault: "bare_lf" }, 0, 1],
    ["banner that refuses", { fault: "banner", text: "554 go away" }, 8, 0],
    ["banner of HTTP", { fault: "banner", text: "HTTP/1.1 400 Bad Request", refuse: true }, 56, 0],
    ["a late banner", { fault: "banner", delayMs: 3_000 }, 28, 0],
    ["hide_capability", { fault: "hide_capability", capability: "STARTTLS" }, 64, 0, ["--ssl-reqd"]],
    ["add_capability", { fault: "add_capability", capability: "X-PORTSIDE" }, 0, 1],
    ["pipelined_injection", { fault: "pipelined_injection" }, 8, 0, ["--ssl-reqd"]],
    ["bad_certificate", { fault: "bad_certificate", problem: "expired" }, 60, 0, ["--ssl-reqd"]],
    ["not valid yet", { fault: "bad_certificate", problem: "not_yet_valid" }, 60, 0, ["--ssl-reqd"]],
    ["another name", { fault: "bad_certificate", problem: "wrong_name" }, 60, 0, ["--ssl-reqd"]],
    ["self-signed", { fault: "bad_certificate", problem: "self_signed" }, 60, 0, ["--ssl-reqd"]],
    [
      "an old version of TLS",
      { fault: "bad_certificate", problem: "old_version" },
      35,
      0,
      ["--ssl-reqd", "-k"],
    ],
    ["reject_at_dot", { fault: "reject_at_dot" }, 8, 0],
    ["greylist", { fault: "greylist" }, 55, 0],
    ["rate_limit", { fault: "rate_limit", limit: 0 }, 55, 0],
  ])("%s", needs("curl"), async (_name, rule, code, kept, args = []) => {
    await using server = await mailServer(place, [rule]);
    expect(await curlMail(server, ...args)).toBe(code);
    expect(await server.mails()).toHaveLength(kept);
    expect(server.fired()).toBeGreaterThan(0);
  });

  test("greylisting lets the second try pass, rate_limit the first", needs("curl"), async () => {
    await using grey = await mailServer(place, [{ fault: "greylist" }]);
    expect([await curlMail(grey), await curlMail(grey)]).toEqual([55, 0]);
    await using limited = await mailServer(place, [{ fault: "rate_limit", limit: 1 }]);
    expect([await curlMail(limited), await curlMail(limited)]).toEqual([0, 55]);
  });
});

describe.each(places)("faults of mail in the %s, seen by nodemailer:", (place) => {
  test.each<[name: string, rule: FaultRule, code: string, responseCode?: number]>([
    ["reply", { on: "RCPT", fault: "reply", code: 450, text: "4.7.1 later" }, "EENVELOPE", 450],
    ["reject_at_dot", { fault: "reject_at_dot" }, "EMESSAGE", 554],
    ["disconnect", { on: "EHLO", fault: "disconnect" }, "ECONNECTION"],
    ["reset_peer", { on: "EHLO", fault: "reset_peer" }, "ESOCKET"],
    ["timeout", { on: "greeting", fault: "timeout" }, "ETIMEDOUT"],
    ["lost_reply", { fault: "lost_reply", ending: "stall" }, "ETIMEDOUT"],
    ["banner", { fault: "banner", text: "554 no" }, "EPROTOCOL", 554],
    ["bad_certificate", { fault: "bad_certificate", problem: "self_signed" }, "ESOCKET"],
  ])("%s", async (_name, rule, code, responseCode) => {
    await using server = await mailServer(place, [rule]);
    const { hostname, port } = new URL(server.url);
    const transport = createTransport({
      host: hostname,
      port: Number(port),
      greetingTimeout: 300,
      socketTimeout: 500,
      requireTLS: rule.fault === "bad_certificate",
      ignoreTLS: rule.fault !== "bad_certificate",
    });
    const sending = transport.sendMail({ from: "a@b.test", to: "c@d.test", text: "hello" });
    await expect(sending).rejects.toMatchObject({
      code,
      ...(responseCode === undefined ? {} : { responseCode }),
    });
    transport.close();
  });
});

interface Files extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly fired: () => number;
}

async function fileServer(place: Place, rule: FaultRule): Promise<Files> {
  seen.add(rule.fault);
  const options: FtpOptions = {
    files: { "a.txt": "hello\n".repeat(10_000) },
    users: [{ name: "ann", password: "x" }],
  };
  const ftp = await startFtp({ ...options, ...(place === "server" ? { rules: [rule] } : {}) });
  const front = place === "server" ? ftp : await startInterposer({ target: ftp.url, rules: [rule] });
  return {
    port: front.port,
    url: front.url,
    fired: () => front.rules.list().reduce((sum, { fired }) => sum + fired, 0),
    [Symbol.asyncDispose]: async () => {
      await front.close({ graceMs: 0 });
      await ftp.close({ graceMs: 0 });
    },
  };
}

describe.each(places)("faults of files in the %s, seen by curl:", (place) => {
  const upload = ["-T", "/etc/hostname"];
  test.each<[name: string, rule: FaultRule, code: number, args?: string[]]>([
    ["pasv_bad_ip", { fault: "pasv_bad_ip", ip: "127.0.0.2" }, 0, ["--disable-epsv"]],
    ["pasv_dead_port", { fault: "pasv_dead_port" }, 7, ["--disable-epsv"]],
    ["pasv_bad_syntax", { fault: "pasv_bad_syntax" }, 14, ["--disable-epsv"]],
    ["no_data_425", { fault: "no_data_425" }, 19],
    ["no_data_421", { fault: "no_data_421" }, 28],
    ["no_data_150", { fault: "no_data_150" }, 28],
    ["no_data_never", { fault: "no_data_never" }, 28],
    ["data_reset_at", { fault: "data_reset_at", bytes: 1_000 }, 56],
    ["data_reset_at, PASV", { fault: "data_reset_at", bytes: 1_000 }, 56, ["--disable-epsv"]],
    ["data_reset_at, active", { fault: "data_reset_at", bytes: 1_000 }, 56, ["-P", "-"]],
    ["data that closes early", { fault: "data_reset_at", bytes: 1_000, ending: "close" }, 18],
    ["size_lie", { fault: "size_lie", size: 70_000 }, 18],
    ["no_size", { fault: "no_size" }, 0],
    ["early_226", { fault: "early_226" }, 0],
    ["stor_552", { fault: "stor_552" }, 25, upload],
    ["stor_552 at the end", { fault: "stor_552", at: "end" }, 70, upload],
    ["hide_capability", { fault: "hide_capability", capability: "SIZE", on: "FEAT" }, 0, ["-Q", "FEAT"]],
    ["reply", { on: "PASS", fault: "reply", code: 530 }, 67],
  ])("%s", needs("curl"), async (_name, rule, code, args = []) => {
    await using server = await fileServer(place, rule);
    const url = args.includes("-T") ? `${server.url}/` : `${server.url}/a.txt`;
    const run = await runTool("curl", ["-sS", "--max-time", "2", "-u", "ann:x", ...args, url], {
      codes: "any",
    });
    expect(run.code).toBe(code);
    if (code === 0) expect(run.stdout).toContain("hello\n".repeat(10_000));
    expect(server.fired()).toBeGreaterThan(0);
  });

  test.each<[name: string, rule: FaultRule, message: RegExp]>([
    ["no_data_425", { fault: "no_data_425" }, /425/],
    ["pasv_bad_syntax", { fault: "pasv_bad_syntax" }, /./],
    ["data_reset_at", { fault: "data_reset_at", bytes: 100 }, /ECONNRESET|426/],
    ["disconnect_421", { fault: "disconnect_421", on: "RETR" }, /421/],
  ])("%s, seen by basic-ftp", async (_name, rule, message) => {
    await using server = await fileServer(place, rule);
    using folder = scratch();
    const client = new Client(2_000);
    try {
      await client.access({ host: "127.0.0.1", port: server.port, user: "ann", password: "x" });
      await expect(client.downloadTo(`${folder.path}/a.txt`, "a.txt")).rejects.toThrow(message);
    } finally {
      client.close();
    }
  });
});

afterAll(() => {
  // Every fault there is was seen by a client of somebody else.
  expect([...seen].sort()).toEqual(faultNames.filter((name) => !elsewhere.has(name)).sort());
});
