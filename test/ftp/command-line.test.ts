import { expect, test } from "vitest";
import { parseCommandLine } from "../../servers/ftp/command-line.ts";
import { formatReply, reply } from "../../servers/ftp/replies.ts";

const parse = (text: string): unknown => parseCommandLine(Buffer.from(text, "latin1"));
const command = (verb: string, argument = ""): unknown => ({ verb, argument, isClean: true });

test.each([
  ["NOOP", command("NOOP")],
  ["stor a b ", command("STOR", "a b ")],
  ["STOR  leading", command("STOR", " leading")],
  ["", command("")],
  ["\xFF\xF4\xFF\xF2ABOR", command("ABOR")],
  ["\xFF\xF4\xFFABOR", command("ABOR")],
  ["\xFF\xF4\xF2ABOR", command("ABOR")],
  ["\xF2ABOR", command("ABOR")],
  ["\xFF\xFB\x06ABOR", command("ABOR")],
  ["STOR gr\xC3\xBC\xC3\x9Fe", command("STOR", "grüße")],
])("parseCommandLine(%j)", (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each(["NO\0OP", "STOR a\rb", "STOR \x1B[2J", "STOR gr\xFC\xDFe", "STOR \xFF\xFFx"])(
  "%j is not clean",
  (text) => {
    expect(parse(text)).toMatchObject({ isClean: false });
  },
);

test("replies of several lines open with a dash, end with a blank, and nothing between looks like an end", () => {
  expect(formatReply(reply(200, "OK."))).toBe("200 OK.\r\n");
  expect(formatReply(reply(211, "Features:", "220 odd", "UTF8", "End"))).toBe(
    "211-Features:\r\n 220 odd\r\n UTF8\r\n211 End\r\n",
  );
});
