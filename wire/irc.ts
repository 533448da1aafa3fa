/**
 * Lines of the Internet Relay Chat, for both ends and for pages: RFC 1459 section 2.3, RFC 2812 section 2.3, and the
 * message tags of IRCv3. Pure: text in, text out, without line ends, and nothing of Node.
 *
 *     @time=…;msgid=… :ann!ann@host PRIVMSG #room :hello, everybody
 *     └── tags ─────┘ └── source ─┘ └command┘ └── parameters ────┘
 */

/** A line, taken apart. */
export interface IrcMessage {
  /** Unescaped; a tag without a value has an empty one. */
  readonly tags: ReadonlyMap<string, string>;
  /** `nick!user@host`, the name of a server, or empty. */
  readonly source: string;
  /** In upper case, or three digits. */
  readonly command: string;
  readonly params: readonly string[];
}

/** A line to write. */
export interface IrcLine {
  readonly tags?: Iterable<readonly [name: string, value: string]> | undefined;
  readonly source?: string | undefined;
  readonly command: string;
  /** Each without spaces. */
  readonly params?: readonly string[];
  /** The last parameter, which may hold anything; always written with its colon. */
  readonly text?: string | undefined;
}

/** Longest line with its end, without tags (RFC 2812 section 2.3). */
export const maxLineBytes = 512;
/** Longest tags of a client, with `@` and the space (IRCv3 message-tags). */
export const maxClientTagBytes = 4_096;
/** Longest tags that are received, with `@` and the space: the client's, and the server's own. */
export const maxTagBytes = 8_191;

const noTags: ReadonlyMap<string, string> = new Map();

/** Take a line apart. Nothing is refused: an empty line has an empty command. */
export function parseIrc(line: string): IrcMessage {
  let at = 0;
  let tags = noTags;
  let source = "";
  const word = (): string => {
    const space = line.indexOf(" ", at);
    const end = space === -1 ? line.length : space;
    const found = line.slice(at, end);
    at = end;
    while (line[at] === " ") at++;
    return found;
  };
  while (line[at] === " ") at++;
  if (line[at] === "@") tags = parseTags(word().slice(1));
  if (line[at] === ":") source = word().slice(1);
  const command = word().toUpperCase();
  const params: string[] = [];
  while (at < line.length) {
    if (line[at] === ":") {
      params.push(line.slice(at + 1));
      break;
    }
    params.push(word());
  }
  return { tags, source, command, params };
}

/** Write a line. */
export function printIrc({ tags, source = "", command, params = [], text }: IrcLine): string {
  const head = `${printTags(tags)}${source === "" ? "" : `:${source} `}${command}`;
  const middle = params.length === 0 ? "" : ` ${params.join(" ")}`;
  return text === undefined ? head + middle : `${head}${middle} :${text}`;
}

/** `@a=b;c ` with the space behind it; nothing for no tags. */
export function printTags(tags: IrcLine["tags"]): string {
  if (!tags) return "";
  const written = [...tags].map(([name, value]) => (value === "" ? name : `${name}=${escaped(value)}`));
  return written.length === 0 ? "" : `@${written.join(";")} `;
}

function parseTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of text.split(";")) {
    const equals = tag.indexOf("=");
    const name = equals === -1 ? tag : tag.slice(0, equals);
    if (name !== "") tags.set(name, equals === -1 ? "" : unescaped(tag.slice(equals + 1)));
  }
  return tags;
}

const escapes: Readonly<Record<string, string>> = {
  ";": "\\:",
  " ": "\\s",
  "\\": "\\\\",
  "\r": "\\r",
  "\n": "\\n",
};
const meanings: Readonly<Record<string, string>> = { ":": ";", s: " ", r: "\r", n: "\n" };

function escaped(value: string): string {
  return /[; \\\r\n]/.test(value) ? value.replace(/[; \\\r\n]/g, (letter) => escapes[letter]!) : value;
}

/** A backslash before any other letter, or at the end, means nothing. */
function unescaped(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\(.?)/gs, (_, letter: string) => meanings[letter] ?? letter);
}

/** A name as it is compared: `CASEMAPPING=ascii`. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The nick of a source: `ann` of `ann!ann@host`. */
export function nickOf(source: string): string {
  const end = source.indexOf("!");
  return end === -1 ? source : source.slice(0, end);
}

/** Whether this can be a nick (RFC 2812 section 2.3.1), up to 30 letters. */
export function isNick(text: string): boolean {
  return /^[A-Za-z[\]\\`_^{|}][\w[\]\\`^{|}-]{0,29}$/.test(text);
}

/** Whether this can be the name of a room (RFC 2812 section 1.3), up to 64 letters. */
export function isRoomName(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the RFC names BEL among what is not allowed
  return /^#[^\s,:\0\x07]{1,63}$/u.test(text);
}

const encoder = new TextEncoder();

/** How long a text is in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** As much of the beginning of a text as fits into so many bytes of UTF-8, without half a character at its end. */
export function fitted(text: string, maxBytes: number): string {
  // Three bytes are the most that one unit of a JavaScript string takes.
  if (text.length * 3 <= maxBytes || byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  for (const letter of text) {
    bytes += byteLength(letter);
    if (bytes > maxBytes) break;
    end += letter.length;
  }
  return text.slice(0, end);
}

/** Whether a line of a client is longer than it may be: 512 bytes with its end, and 4096 of tags before that. */
export function isTooLong(text: string): boolean {
  if (text.length * 3 + 2 <= maxLineBytes) return false;
  const tagged = text.startsWith("@") ? text.indexOf(" ") + 1 : 0;
  if (tagged > 0 && byteLength(text.slice(0, tagged)) > maxClientTagBytes) return true;
  return byteLength(text.slice(tagged)) + 2 > maxLineBytes;
}
