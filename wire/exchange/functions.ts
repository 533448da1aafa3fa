import { createHash, createHmac } from "node:crypto";
import { bounds } from "./bounds.ts";
import { bufferOf, bytesOf } from "./byte-string.ts";
import type { FunctionName } from "./script.ts";

/** Why an expression has no value. */
export class ValueProblem extends Error {
  override readonly name = "ValueProblem";
}

/** Reads one environment variable; handed in, so that a test or a cautious caller decides what can be seen. */
export type Environment = (name: string) => string | undefined;

type Compute = (given: readonly string[], environment: Environment) => string;

/** The closed list of functions. Each takes byte strings and gives one; there is no other code in a script. */
export const functions: Readonly<Record<FunctionName, Compute>> = {
  b64: ([bytes]) => bufferOf(bytes!).toString("base64"),
  unb64: ([text]) => Buffer.from(text!, "base64").toString("latin1"),
  hex: ([bytes]) => bufferOf(bytes!).toString("hex"),
  unhex: ([text]) => {
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(text!))
      throw new ValueProblem("unhex() needs pairs of hexadecimal digits");
    return Buffer.from(text!, "hex").toString("latin1");
  },
  md5: ([bytes]) => createHash("md5").update(bufferOf(bytes!)).digest("hex"),
  sha1: ([bytes]) => createHash("sha1").update(bufferOf(bytes!)).digest("hex"),
  // RFC 2195: the key first, as CRAM-MD5 needs it
  hmac_md5: ([key, bytes]) => createHmac("md5", bufferOf(key!)).update(bufferOf(bytes!)).digest("hex"),
  repeat: ([bytes, times]) => {
    const count = wholeNumber("repeat", times!);
    if (count < 0 || count * bytes!.length > bounds.valueBytes) {
      throw new ValueProblem(`repeat() builds at most ${bounds.valueBytes} bytes`);
    }
    return bytes!.repeat(count);
  },
  len: ([bytes]) => String(bytes!.length),
  add: ([a, b]) => String(wholeNumber("add", a!) + wholeNumber("add", b!)),
  env: ([name], environment) => {
    const value = environment(name!);
    if (value === undefined) throw new ValueProblem(`the environment variable ${name} is not set`);
    return bytesOf(value);
  },
};

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new ValueProblem(`${name}() needs a whole number, not '${text.slice(0, 40)}'`);
  }
  return value;
}
