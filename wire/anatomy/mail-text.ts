import { FieldList, type Part } from "../anatomy.ts";
import { bytesText, textOf } from "./text.ts";

/** A mail as it comes after DATA, up to the line with a dot. @returns nothing while it is not all there */
export function mailText(bytes: Buffer): Part | undefined {
  const end = bytes.indexOf("\r\n.\r\n");
  if (end === -1) return undefined;
  const headEnd = bytes.indexOf("\r\n\r\n");
  const fields = new FieldList();
  for (const line of headEnd === -1 ? [] : bytes.toString("utf8", 0, headEnd).split("\r\n")) {
    const length = Buffer.byteLength(line) + 2;
    const colon = /^[!-9;-~]+:/.exec(line)?.[0].length ?? 0;
    const name = colon === 0 ? "(goes on)" : line.slice(0, colon - 1);
    const value = textOf(Buffer.from(line.slice(colon).trim()));
    fields.add(
      name,
      length,
      value,
      colon === 0 ? "a field over several lines" : (mailFields[name.toLowerCase()] ?? ""),
      "RFC 5322 section 3.6",
    );
  }
  const emptyLineBytes = headEnd === -1 ? 0 : 2;
  fields.add("empty line", emptyLineBytes, "\\r\\n", "the end of the head", "RFC 5322 section 2.1");
  const body = bytes.subarray(fields.end, end + 2);
  fields.add(
    "body",
    body.length,
    textOf(body),
    "the message; a line that begins with a dot gets another one",
    "RFC 5321 section 4.5.2",
  );
  fields.add("dot", 3, ".\\r\\n", "the end of the mail", "RFC 5321 section 4.1.1.4");
  return {
    title: `the mail, ${bytesText(end + 5)}`,
    bytes: bytes.subarray(0, end + 5),
    fields: fields.fields,
  };
}

/** Fields of a mail's head: RFC 5322 section 3.6, RFC 2045 for those of its body. */
const mailFields: Readonly<Record<string, string>> = {
  from: "who wrote it; the envelope may say another",
  to: "for whom, as shown; RCPT TO alone decides where it goes",
  subject: "what it is about",
  date: "when it was written",
  "message-id": "its name, for answers and against doubles",
  "mime-version": "the body may be more than plain text",
  "content-type": "what the body is",
  "content-transfer-encoding": "how the body is written, to pass old servers",
};
