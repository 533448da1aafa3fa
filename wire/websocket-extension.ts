/**
 * What two ends agree upon about compression: permessage-deflate (RFC 7692), in `Sec-WebSocket-Extensions`. Pure.
 *
 *     client: permessage-deflate; client_max_window_bits, permessage-deflate     offers, the best first
 *     server: permessage-deflate; client_max_window_bits=12                      one of them, or none
 */
import { isToken } from "./http-fields.ts";

/** What is wanted of permessage-deflate. Every field may be left out. */
export interface DeflateOptions {
  /**
   * Whether what the server says may be compressed by what it said before: smaller, for 32 KB more at both ends
   * (RFC 7692 section 7.1.1.1). @default true
   */
  readonly serverContextTakeover?: boolean;
  /** The same for what the client says (RFC 7692 section 7.1.1.2). @default true */
  readonly clientContextTakeover?: boolean;
  /** How far back the server may refer, as a power of two: 8 to 15 (RFC 7692 section 7.1.2.1). @default 15 */
  readonly serverMaxWindowBits?: number;
  /** The same for the client; of one that has not offered to be told, it is 15 (RFC 7692 section 7.1.2.2). @default 15 */
  readonly clientMaxWindowBits?: number;
  /** Messages below this many bytes leave as they are. @default 1_024 */
  readonly thresholdBytes?: number;
  /** From 1, the fastest, to 9, the smallest. @default 6 */
  readonly level?: number;
}

export const deflateDefaults: Required<DeflateOptions> = {
  serverContextTakeover: true,
  clientContextTakeover: true,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
  thresholdBytes: 1_024,
  level: 6,
};

/** What was agreed upon for what one side says. */
export interface DeflateTerms {
  /** Whether a message may refer to those before it. */
  readonly takesContextOver: boolean;
  readonly windowBits: number;
}

/** What was agreed upon. */
export interface DeflateAgreement {
  readonly server: DeflateTerms;
  readonly client: DeflateTerms;
}

/**
 * The options merged with the defaults; false when there shall be no compression.
 * @throws TypeError for a value that cannot be
 */
export function resolveDeflate(
  given: boolean | DeflateOptions | undefined,
): Required<DeflateOptions> | false {
  if (given === undefined || given === false) return false;
  const set = Object.entries(given === true ? {} : given).filter(([, value]) => value !== undefined);
  const options: Required<DeflateOptions> = { ...deflateDefaults, ...Object.fromEntries(set) };
  const within = (
    name: "serverMaxWindowBits" | "clientMaxWindowBits" | "level",
    low: number,
    high: number,
  ) => {
    const value = options[name];
    if (!Number.isInteger(value) || value < low || value > high)
      throw new TypeError(`deflate.${name} is a whole number from ${low} to ${high}, not ${value}`);
  };
  within("serverMaxWindowBits", 8, 15);
  within("clientMaxWindowBits", 8, 15);
  within("level", 1, 9);
  if (!(options.thresholdBytes >= 0))
    throw new TypeError(`deflate.thresholdBytes is a number from 0 on, not ${options.thresholdBytes}`);
  return options;
}

/** The client's offer. */
export function deflateOffer(options: Required<DeflateOptions>): string {
  const { serverMaxWindowBits, clientMaxWindowBits } = options;
  return written({
    server_no_context_takeover: !options.serverContextTakeover,
    client_no_context_takeover: !options.clientContextTakeover,
    server_max_window_bits: serverMaxWindowBits < 15 && serverMaxWindowBits,
    // Without a value it only says that the server may name one.
    client_max_window_bits: clientMaxWindowBits < 15 ? clientMaxWindowBits : true,
  });
}

/** What a server agrees to, and how it says so. */
export interface AcceptedDeflate {
  readonly agreement: DeflateAgreement;
  /** The value of `Sec-WebSocket-Extensions`. */
  readonly header: string;
}

/**
 * What the server agrees to: the first offer that has nothing wrong in it (RFC 7692 sections 5.1 and 7.1).
 * @returns nothing when no offer can be accepted; `"malformed"` when the field is no list of extensions
 */
export function acceptDeflate(
  header: string,
  options: Required<DeflateOptions>,
): AcceptedDeflate | "malformed" | undefined {
  const offers = extensionsIn(header);
  if (offers === undefined) return "malformed";
  for (const { name, parameters } of offers) {
    const offer = name === extensionName ? read(parameters, "offer") : undefined;
    if (offer !== undefined) return accepted(offer, options);
  }
  return undefined;
}

/**
 * What the server's answer to our offer says.
 * @returns nothing when it agrees to no compression; a sentence when it says something that was not offered
 */
export function agreedDeflate(
  header: string | undefined,
  options: Required<DeflateOptions> | false,
): DeflateAgreement | string | undefined {
  if (header === undefined) return undefined;
  const [extension, ...others] = extensionsIn(header) ?? [];
  if (options === false || extension === undefined || others.length > 0 || extension.name !== extensionName)
    return "with an extension that was not asked for";
  const answer = read(extension.parameters, "answer");
  if (answer === undefined) return `with parameters that cannot be: ${header}`;
  const server: DeflateTerms = {
    takesContextOver: answer.server_no_context_takeover !== true,
    windowBits: Number(answer.server_max_window_bits ?? 15),
  };
  const clientBits = Number(answer.client_max_window_bits ?? 15);
  if (
    (server.takesContextOver && !options.serverContextTakeover) ||
    server.windowBits > options.serverMaxWindowBits ||
    (clientBits > options.clientMaxWindowBits && answer.client_max_window_bits !== undefined)
  ) {
    return `with less than was asked for: ${header}`;
  }
  const client: DeflateTerms = {
    takesContextOver: options.clientContextTakeover && answer.client_no_context_takeover !== true,
    windowBits: Math.min(clientBits, options.clientMaxWindowBits),
  };
  return { server, client };
}

const extensionName = "permessage-deflate";

const parameterNames = [
  "server_no_context_takeover",
  "client_no_context_takeover",
  "server_max_window_bits",
  "client_max_window_bits",
] as const;

/** `true` for a parameter without a value. */
type Parameters = Partial<Record<(typeof parameterNames)[number], number | true>>;

function accepted(offer: Parameters, options: Required<DeflateOptions>): AcceptedDeflate {
  const least = (ours: number, offered: number | true | undefined): number =>
    typeof offered === "number" ? Math.min(ours, offered) : ours;
  const server: DeflateTerms = {
    takesContextOver: options.serverContextTakeover && offer.server_no_context_takeover === undefined,
    windowBits: least(options.serverMaxWindowBits, offer.server_max_window_bits),
  };
  // Who has not offered to be told of a window is not told (RFC 7692 section 7.1.2.2).
  const isTold = offer.client_max_window_bits !== undefined;
  const client: DeflateTerms = {
    takesContextOver: options.clientContextTakeover && offer.client_no_context_takeover === undefined,
    windowBits: isTold ? least(options.clientMaxWindowBits, offer.client_max_window_bits) : 15,
  };
  const header = written({
    server_no_context_takeover: !server.takesContextOver,
    client_no_context_takeover: !client.takesContextOver,
    server_max_window_bits:
      (server.windowBits < 15 || offer.server_max_window_bits !== undefined) && server.windowBits,
    client_max_window_bits: client.windowBits < 15 && client.windowBits,
  });
  return { agreement: { server, client }, header };
}

/**
 * The parameters of one offer or answer.
 * @returns nothing when one is unknown, comes twice, or has a value that it cannot have (RFC 7692 section 7.1)
 */
function read(
  parameters: readonly (readonly [name: string, value: string | undefined])[],
  from: "offer" | "answer",
): Parameters | undefined {
  const found: Parameters = {};
  for (const [given, value] of parameters) {
    const name = parameterNames.find((known) => known === given);
    if (name === undefined || found[name] !== undefined) return undefined;
    const isBits = name.endsWith("_bits");
    if (value === undefined) {
      if (isBits && (name === "server_max_window_bits" || from === "answer")) return undefined;
      found[name] = true;
    } else {
      if (!isBits || !/^([89]|1[0-5])$/.test(value)) return undefined;
      found[name] = Number(value);
    }
  }
  return found;
}

function written(parameters: Readonly<Record<string, number | boolean>>): string {
  const parts = Object.entries(parameters)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? `; ${name}` : `; ${name}=${value}`));
  return extensionName + parts.join("");
}

interface Extension {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[];
}

/** RFC 6455 section 9.1. @returns nothing when it is not written so */
function extensionsIn(header: string): Extension[] | undefined {
  const extensions: Extension[] = [];
  for (const member of header.split(",")) {
    const [name = "", ...parts] = member.split(";").map((part) => part.trim());
    if (!isToken(name)) return undefined;
    const parameters: [string, string | undefined][] = [];
    for (const part of parts) {
      const [, key, , quoted, token] = /^([^\s=]+)(\s*=\s*(?:"([^"\\]+)"|([^\s"]+)))?$/.exec(part) ?? [];
      const value = quoted ?? token;
      if (key === undefined || !isToken(key) || (value !== undefined && !isToken(value))) return undefined;
      parameters.push([key, value]);
    }
    extensions.push({ name, parameters });
  }
  return extensions;
}
