/** Characters of a token (RFC 9110 section 5.6.2), by code: 1 when it may stand in one. */
const tokenTable = tableOf("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

/** Header or trailer fields, in the order and spelling of the wire. */
export class HttpFields implements Iterable<readonly [name: string, value: string]> {
  /** Name, value, name, value, …: as they came, without the white space around values. */
  readonly raw: readonly string[];

  constructor(raw: readonly string[]) {
    this.raw = raw;
  }

  /** How many fields there are; a name that came twice counts twice. */
  get count(): number {
    return this.raw.length / 2;
  }

  /** The value of a field by its name, however it was written; values of several are joined by `, `. */
  get(name: string): string | undefined {
    const { raw } = this;
    const wanted = name.toLowerCase();
    let found: string | undefined;
    for (let index = 0; index < raw.length; index += 2) {
      const own = raw[index]!;
      if (own.length !== wanted.length || own.toLowerCase() !== wanted) continue;
      const value = raw[index + 1]!;
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** The values of all fields of this name, one for each line. */
  all(name: string): string[] {
    const wanted = name.toLowerCase();
    return [...this].filter(([own]) => own.toLowerCase() === wanted).map(([, value]) => value);
  }

  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    for (let index = 0; index < this.raw.length; index += 2) yield [this.raw[index]!, this.raw[index + 1]!];
  }
}

/** No fields at all. */
export const noFields = new HttpFields([]);

/** Whether all of a text is a token: a method, a field name. */
export function isToken(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (tokenTable[text.charCodeAt(index)] !== 1) return false;
  }
  return text.length > 0;
}

/** Whether a text can be a field value: no control characters but tabs, and nothing beyond one byte a character. */
export function isFieldValue(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

/** The members of a list such as `Connection: keep-alive, Upgrade`, in lower case. */
export function listMembers(value: string | undefined): string[] {
  if (value === undefined) return [];
  return value
    .split(",")
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== "");
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
