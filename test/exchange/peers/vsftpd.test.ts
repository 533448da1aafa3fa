import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tryExchange } from "../../../clients/exchange/index.ts";
import { startFtp } from "../../../servers/ftp/index.ts";
import { serveExchange } from "../../../servers/exchange/index.ts";
import { sharedLeaf } from "../../../wire/certificate.ts";
import { prepare } from "../../../wire/exchange/load.ts";
import { textReport } from "../../../wire/exchange/reports/text.ts";
import type { Outcome } from "../../../wire/exchange/trace.ts";
import { needs } from "../../peers/tools.ts";
import { startVsftpd } from "./programs.ts";

const folder = fileURLToPath(new URL("../../exchanges/", import.meta.url));
const ftps = `${folder}tls/ftps.exchange`;

const told = (outcome: Outcome): string | undefined => outcome.failure && textReport(outcome);

test(
  "3-ftp-passive-upload plays against vsftpd, where anybody may write into a folder",
  needs("vsftpd"),
  async () => {
    const example = readFileSync(`${folder}examples/3-ftp-passive-upload.exchange`, "utf8");
    const text = example
      .replace('"tester"', '"anonymous"')
      .replace("S: 200 binary it is\n", "S: 200 binary it is\nC: CWD pub\nS: 250 ok\n");
    await using vsftpd = await startVsftpd();
    const target = `ftp://127.0.0.1:${vsftpd.port}`;
    expect(told(await tryExchange(prepare(text, "3.exchange"), { target }))).toBeUndefined();
  },
);

test("tls/ftps plays against Portside", async () => {
  await using ftp = await startFtp({ allowAnonymous: true, files: { "/pub/old.txt": "" } });
  expect(told(await tryExchange(ftps, { target: ftp.url }))).toBeUndefined();
});

test("tls/ftps plays against vsftpd", needs("vsftpd"), async () => {
  const { cert, key } = sharedLeaf();
  await using vsftpd = await startVsftpd(key + cert);
  expect(told(await tryExchange(ftps, { target: `ftp://127.0.0.1:${vsftpd.port}` }))).toBeUndefined();
});

test("tls/ftps plays against itself", async () => {
  await using served = await serveExchange(ftps);
  expect(told(await tryExchange(ftps, { target: served.url }))).toBeUndefined();
  await served.done;
});
