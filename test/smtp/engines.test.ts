import { expect, test, vi } from "vitest";
import { type SmtpOptions, startSmtp } from "../../servers/smtp/index.ts";
import { mailServerContract } from "../contracts/mail-server.ts";

mailServerContract("our own session", (options) => startSmtp(options));

mailServerContract("smtp-server", (options) => startSmtp({ ...options, engine: "smtp-server" }), {
  "AUTH OAUTHBEARER and SCRAM-SHA-256 are offered": "it knows neither",
  "an address is kept as it was sent": "it decodes A-labels",
  "the client's name is kept as it was sent": "it writes the name in lower case",
  "the same recipient twice is two recipients": "the later one takes the place of the earlier",
  "a quoted local part may hold a space and an @": "it divides a path at spaces, and allows one @",
  "DSN parameters are kept as they were sent": "it decodes xtext",
  "BDAT brings a message in chunks": "it does not know CHUNKING",
  "LHLO begins LMTP": "a server of it speaks one of the two",
  "what a strict server would refuse is flagged": "it does not tell how a command ended",
  "the greeting leaves at once": "it waits 100 ms for early talkers",
  "close() tells those who wait, and is over at once": "it tells them when their time is up",
});

test.for<readonly [string, SmtpOptions]>([
  ["strict", { strict: true }],
  ["rules", { rules: [{ on: "MAIL", fault: "reply", code: 451 }] }],
  ["onDataStart", { onDataStart: () => undefined }],
  ["onVrfy, onExpn", { onVrfy: () => undefined, onExpn: () => undefined }],
  ["mechanisms", { mechanisms: ["SCRAM-SHA-256"] }],
])("smtp-server cannot do %s, and says so", async ([names, options]) => {
  await expect(startSmtp({ ...options, engine: "smtp-server" })).rejects.toThrow(
    new TypeError(
      `startSmtp: engine "smtp-server" cannot do ${names}; leave them out, or use the engine "sockets"`,
    ),
  );
});

test("without the package it is PEER_MISSING, with what to install", async () => {
  vi.doMock("smtp-server", () => {
    throw new Error("Cannot find package 'smtp-server'");
  });
  await expect(startSmtp({ engine: "smtp-server" })).rejects.toMatchObject({
    code: "PEER_MISSING",
    message: expect.stringContaining("npm install --save-dev smtp-server"),
  });
  vi.doUnmock("smtp-server");
});

test("smtp-server refuses a rule that is added later, too", async () => {
  await using smtp = await startSmtp({ engine: "smtp-server" });
  expect(() => smtp.rules.add({ on: "MAIL", fault: "reply", code: 451 })).toThrow(/cannot do rules/);
});
