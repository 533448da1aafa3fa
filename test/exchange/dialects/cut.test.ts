import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dialect, Message } from "../../../wire/exchange/dialect.ts";
import { dialectNamed, dialectOf, dialects } from "../../../wire/exchange/dialects.ts";
import type { Role } from "../../../wire/exchange/script.ts";

type Said = readonly [Role, string];

/** Conversations as whole bursts, in order. */
const conversations: Readonly<Record<string, readonly Said[]>> = {
  line: [
    ["C", "one\r\ntwo\nthree\r\r\n\r\n"],
    ["S", "\xff\xfe\r\n"],
  ],
  smtp: [
    ["S", "220 mail.test ready\r\n"],
    ["C", "EHLO a.test\r\n"],
    ["S", "250-mail.test\r\n250-PIPELINING\r\n250 HELP\r\n"],
    ["C", "MAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\n"],
    ["S", "250 ok\r\n550-no\r\n550 such user\r\n354 go\r\n"],
    ["C", "Subject: x\r\n\r\n..dot\r\na bare\n.\n is no end\r\n.\r\nAUTH PLAIN\r\n"],
    ["S", "250 queued\r\n334 \r\n"],
    ["C", "AGEAYg==\r\nAUTH LOGIN dXNlcg==\r\nBDAT 5\r\nab\r\n.BDAT 3 LAST\r\nx.\nRSET\r\n"],
  ],
  ftp: [
    ["S", "120 wait\r\n220-hello\r\n 220 not yet\r\n220 there\r\n"],
    ["C", "USER x\r\nPASS secret\r\n\xff\xf4\xff\xf2ABOR\r\n"],
    ["S", "331 password\r\n230 in\r\n226 ok\r\n"],
  ],
  resp: [
    ["C", "*2\r\n$3\r\nGET\r\n$1\r\n\0\r\nPING\r\n*0\r\n"],
    [
      "S",
      '$3\r\na"b\r\n*3\r\n:1\r\n$-1\r\n*1\r\n+x,y\r\n-ERR no\r\n*-1\r\n%1\r\n+k\r\n#t\r\n,1.5\r\n_\r\n$0\r\n\r\n',
    ],
  ],
};

function cut(dialect: Dialect, said: readonly Said[]): [Role, Message][] {
  const dialogue = dialect.open();
  return said.flatMap(([role, bytes]) =>
    dialogue.cut(role, bytes).map((message) => [role, message] as [Role, Message]),
  );
}

describe.each(Object.entries(conversations))("%s", (name, said) => {
  const dialect = dialectNamed(name)!;
  const whole = cut(dialect, said);

  test("gives the same messages wherever the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 12 }), (places) => {
        const pieces = said.flatMap(([role, bytes]) => {
          const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
            (a, b) => a - b,
          );
          return at.slice(1).map((end, index) => [role, bytes.slice(at[index], end)] as const);
        });
        expect(cut(dialect, pieces)).toEqual(whole);
      }),
    );
  });

  test("loses no byte: the raw messages are what was said", () => {
    for (const role of ["C", "S"] as const) {
      const heard = whole.filter(([from]) => from === role).map(([, message]) => message.raw);
      expect(heard.join("")).toBe(
        said
          .filter(([from]) => from === role)
          .map(([, bytes]) => bytes)
          .join(""),
      );
    }
  });

  test("says again what it has shown", () => {
    const dialogue = dialect.open();
    for (const [role, message] of whole) {
      const [first] = dialogue.cut(
        role,
        dialogue.encode(role, message.kind, dialect.show(message).join("\n")),
      );
      // A bare LF and a telnet signal are not said; everything that is told is.
      if (message.kind === "") expect(first?.text ?? message.text).toBe(message.text);
    }
  });
});

test("smtp knows mail bodies and credentials", () => {
  const messages = cut(dialectNamed("smtp")!, conversations["smtp"]!).filter(([role]) => role === "C");
  expect(messages.filter(([, message]) => message.inBody).map(([, message]) => message.text)).toEqual([
    "Subject: x",
    "",
    "..dot",
    "a bare\n.\n is no end",
    "ab\r\n.",
    "x.\n",
  ]);
  expect(messages.filter(([, message]) => message.isSecret).map(([, message]) => message.text)).toEqual([
    "AGEAYg==",
    "AUTH LOGIN dXNlcg==",
  ]);
  expect(messages.find(([, message]) => message.text === ".")![1].inBody).toBeUndefined();
});

test("a class such as 2xx is served as the code that fits the command", () => {
  const dialogue = dialectNamed("smtp")!.open();
  const answers = ["", "EHLO x", "STARTTLS", "AUTH PLAIN x", "DATA", "QUIT"].map((command) => {
    if (command !== "") dialogue.cut("C", `${command}\r\n`);
    const said = dialogue.encode("S", "", command === "DATA" ? "3xx go" : "2xx fine");
    if (command !== "DATA") dialogue.cut("S", said);
    else dialogue.cut("S", `${said.slice(0, 0)}250 no\r\n`);
    return said.slice(0, 3);
  });
  expect(answers).toEqual(["220", "250", "220", "235", "354", "221"]);
});

test("telnet signals are not part of an FTP command", () => {
  const messages = cut(dialectNamed("ftp")!, conversations["ftp"]!);
  expect(messages.map(([, message]) => message.text)).toContain("ABOR");
});

test("resp tells values in its notation and reads them back", () => {
  const texts = cut(dialectNamed("resp")!, conversations["resp"]!).map(([, message]) => message.text);
  expect(texts).toEqual([
    'GET "\\x00"',
    "PING",
    "",
    '"a\\"b"',
    '[:1, nil, [+"x,y"]]',
    "-ERR no",
    "nil[]",
    "{+k: #t}",
    ",1.5",
    "null",
    '""',
  ]);
});

test("every dialect has a name of its own, and no scheme belongs to two", () => {
  const names = dialects.map((dialect) => dialect.name);
  const schemes = dialects.flatMap((dialect) => dialect.schemes);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(schemes).size).toBe(schemes.length);
  expect(dialectOf("smtps://127.0.0.1:465")?.name).toBe("smtp");
  expect(dialectOf("gopher://x")).toBeUndefined();
});
