import type { EsmtpParameters } from "./mailbox.ts";

/** The argument of MAIL or RCPT (RFC 5321 sections 4.1.1.2, 4.1.1.3 and 4.1.2). */
export interface PathArgument {
  /** The path without its angle brackets, as sent. */
  readonly address: string;
  readonly parameters: EsmtpParameters;
  /** How it was written otherwise than the RFC says, though it can be understood. */
  readonly oddity?: "space after the colon" | "path without angle brackets" | "address without a domain";
}

/** What nearly everybody sends, read in one step; all else is taken apart with care. */
const usualPaths = {
  "FROM:": /^FROM:<[\w.+-]+@[\w.-]+>$/i,
  "TO:": /^TO:<[\w.+-]+@[\w.-]+>$/i,
} as const;

/**
 * Read `FROM:<ann@example.com> SIZE=100`.
 * @param keyword `FROM:` or `TO:`
 * @returns nothing when it cannot be understood
 */
export function parsePathArgument(argument: string, keyword: "FROM:" | "TO:"): PathArgument | undefined {
  if (usualPaths[keyword].test(argument)) {
    return { address: argument.slice(keyword.length + 1, -1), parameters: {} };
  }
  if (argument.slice(0, keyword.length).toUpperCase() !== keyword) return undefined;
  const rest = argument.slice(keyword.length);
  const text = rest.trimStart();
  const isBare = !text.startsWith("<");
  const end = isBare ? bareEnd(text) : bracketEnd(text);
  if (end === -1) return undefined;
  const address = isBare ? text.slice(0, end) : text.slice(1, end - 1);
  const parameters = parseParameters(text.slice(end));
  if (!parameters || !isPath(address) || (address === "" && (isBare || keyword === "TO:"))) return undefined;
  const oddity = isBare
    ? "path without angle brackets"
    : text.length < rest.length
      ? "space after the colon"
      : isDomainless(address)
        ? "address without a domain"
        : undefined;
  return oddity === undefined ? { address, parameters } : { address, parameters, oddity };
}

/** The local part and the domain; the domain is empty when there is none. */
export function splitAddress(address: string): { readonly localPart: string; readonly domain: string } {
  // A quoted local part may hold an @ of its own; the last one divides. An address literal holds none.
  const at = address.lastIndexOf("@");
  return at === -1
    ? { localPart: address, domain: "" }
    : { localPart: address.slice(0, at), domain: address.slice(at + 1) };
}

/** Whether the address can only be used with SMTPUTF8 (RFC 6531): a domain has a form in ASCII, a local part has not. */
export function needsUtf8(address: string): boolean {
  return !isAscii(address) && !isAscii(splitAddress(address).localPart);
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

/** Behind the closing bracket; a quoted string may hold brackets, and a backslash quotes the next character. */
function bracketEnd(text: string): number {
  let isQuoted = false;
  for (let index = 1; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === ">" && !isQuoted) return index + 1;
  }
  return -1;
}

function bareEnd(text: string): number {
  const space = text.search(/\s/);
  return text === "" || /[<>]/.test(text) ? -1 : space === -1 ? text.length : space;
}

const parameter = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e\x80-\u{10ffff}]+))?$/u;

function parseParameters(text: string): EsmtpParameters | undefined {
  if (text.trim() === "") return {};
  // "<a>SIZE=1": a parameter needs its space.
  if (!/^\s/.test(text)) return undefined;
  const parameters: Record<string, string | true> = {};
  for (const word of text.trim().split(/\s+/)) {
    const match = parameter.exec(word);
    const name = match?.[1]?.toUpperCase();
    if (name === undefined || name in parameters) return undefined;
    parameters[name] = match?.[2] ?? true;
  }
  return parameters;
}

/** Tolerant on purpose: real senders use `a..b@c` and `a@under_score`, and a test wants to see them. */
function isPath(address: string): boolean {
  if (/[\x00-\x1f\x7f]/.test(address)) return false;
  if (address === "") return true;
  const { localPart, domain } = splitAddress(address);
  if (localPart === "") return false;
  if (localPart.startsWith('"') ? !/^"(?:[^"\\]|\\.)*"$/.test(localPart) : /[\s<>]/.test(localPart))
    return false;
  return address.includes("@") ? domain !== "" && !/[\s<>"]/.test(domain) : true;
}

/** RFC 5321 section 4.1.1.3 lets one address go without a domain: the postmaster's. */
function isDomainless(address: string): boolean {
  return address !== "" && !address.includes("@") && address.toLowerCase() !== "postmaster";
}
