import { expect, test } from "vitest";
import { readListUnsubscribe } from "../../../servers/smtp/letter/list-unsubscribe.ts";
import { mailOf } from "./mail.ts";

test("readListUnsubscribe() reads the addresses and the one-click field", () => {
  const raw = mailOf(
    "List-Unsubscribe: (by mail) <mailto:list@example.com?subject=unsubscribe>,",
    " <https://example.com/un",
    " subscribe?id=1>",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    "",
    "",
  );
  expect(readListUnsubscribe(raw)).toEqual({
    header:
      "(by mail) <mailto:list@example.com?subject=unsubscribe>, <https://example.com/un subscribe?id=1>",
    links: ["mailto:list@example.com?subject=unsubscribe", "https://example.com/unsubscribe?id=1"],
    errors: "",
    headerPost: "List-Unsubscribe=One-Click",
  });
});

test("readListUnsubscribe() says what is wrong", () => {
  const errorsOf = (...fields: string[]): string => readListUnsubscribe(mailOf(...fields, "", "")).errors;
  expect(errorsOf("Subject: x")).toBe("");
  expect(errorsOf("List-Unsubscribe: https://example.com/")).toBe(
    "an address is not in angle brackets (RFC 2369 section 2)",
  );
  expect(errorsOf("List-Unsubscribe: <ftp://example.com/>")).toBe(
    "<ftp://example.com/> is neither http nor mailto",
  );
  expect(errorsOf("List-Unsubscribe: <mailto:a@b>, <mailto:a@b>")).toBe("<mailto:a@b> stands there twice");
  expect(errorsOf("List-Unsubscribe: (none)")).toBe("there is no address");
  expect(
    errorsOf("List-Unsubscribe: <mailto:a@b>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
  ).toBe("List-Unsubscribe-Post needs an https address in List-Unsubscribe (RFC 8058 section 3.1)");
  expect(errorsOf("List-Unsubscribe: <https://a.b/>", "List-Unsubscribe-Post: yes")).toBe(
    "List-Unsubscribe-Post must be List-Unsubscribe=One-Click (RFC 8058 section 3.1)",
  );
  expect(errorsOf("List-Unsubscribe-Post: List-Unsubscribe=One-Click")).toBe(
    "List-Unsubscribe-Post needs List-Unsubscribe",
  );
});
