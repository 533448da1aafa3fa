import { type Address, parseEprt, parsePasv, printEprt, printEpsv, printPasv } from "./address.ts";

/** A reply or command of FTP that says where a data connection goes. */
export interface DataAddress {
  readonly address: Address;
  /** The text in front of the address, and behind it. */
  readonly before: string;
  readonly after: string;
  /** The same text with another address in it. */
  rewrite(address: Address): string;
}

/** The address in a reply: 227 (RFC 959 section 4.1.2), 229 (RFC 2428 section 3); `undefined` when there is none. */
export function addressInReply(text: string): DataAddress | undefined {
  if (text.startsWith("227")) return found(text, /\d{1,3}(?:,\d{1,3}){5}/, parsePasv, printPasv);
  if (text.startsWith("229")) return found(text, /(?<=\()([!-~])\1\1\d{1,5}\1(?=\))/, parseEprt, printEpsv);
  return undefined;
}

/** The address in PORT or EPRT. */
export function addressInCommand(text: string): DataAddress | undefined {
  if (/^PORT /i.test(text)) return found(text, /\d{1,3}(?:,\d{1,3}){5}/, parsePasv, printPasv);
  if (/^EPRT /i.test(text))
    return found(text, /([!-~])[12]\1[0-9a-fA-F.:]+\1\d{1,5}\1/, parseEprt, printEprt);
  return undefined;
}

function found(
  text: string,
  pattern: RegExp,
  parse: (text: string) => Address | undefined,
  print: (address: Address) => string,
): DataAddress | undefined {
  const match = pattern.exec(text);
  const address = match ? parse(match[0]) : undefined;
  if (!match || !address) return undefined;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return { address, before, after, rewrite: (other) => before + print(other) + after };
}
