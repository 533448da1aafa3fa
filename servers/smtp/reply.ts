/** A reply of the server (RFC 5321 section 4.2). */
export interface Reply {
  /** Three digits: 2xx and 3xx accept, 4xx refuse for now, 5xx for good. */
  readonly code: number;
  /** One line, or several. */
  readonly text: string | readonly string[];
  /** Enhanced status code (RFC 3463): `5.1.1`. */
  readonly enhancedCode?: string;
}

/** A reply that refuses, for decisions: `return refuse(550, "no such user", "5.1.1")`. */
export function refuse(code: number, text: string, enhancedCode?: string): Reply {
  return enhancedCode === undefined ? { code, text } : { code, text, enhancedCode };
}

/**
 * A reply as it goes over the wire.
 * @param hasEnhancedCodes whether the session shows enhanced status codes (RFC 2034)
 */
export function printReply(reply: Reply, hasEnhancedCodes: boolean): string {
  const prefix = hasEnhancedCodes && reply.enhancedCode !== undefined ? `${reply.enhancedCode} ` : "";
  const lines = reply.text;
  if (typeof lines === "string") return `${reply.code} ${prefix}${oneLine(lines)}\r\n`;
  const last = lines.length - 1;
  return lines
    .map((line, index) => `${reply.code}${index === last ? " " : "-"}${prefix}${oneLine(line)}\r\n`)
    .join("");
}

/** A reply that is always the same, printed once: half of what is said for a mail. */
export interface FixedReply {
  readonly enhanced: string;
  readonly plain: string;
}

/** A reply that is always the same, for `SmtpSession.sayFixed`. */
export function fixedReply(code: number, text: string, enhancedCode?: string): FixedReply {
  const reply = refuse(code, text, enhancedCode);
  return { enhanced: printReply(reply, true), plain: printReply(reply, false) };
}

/** A decision's text may come from anywhere; it must not smuggle a line of its own into the conversation. */
function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, " ") : text;
}
