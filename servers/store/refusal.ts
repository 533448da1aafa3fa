/** A command cannot be done; `message` is the error reply, beginning with its code (`ERR`, `WRONGTYPE`, …). */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** @throws Refusal `ERR …` */
export function refuse(text: string): never {
  throw new Refusal(`ERR ${text}`);
}

export const notAnInteger = "value is not an integer or out of range";
export const notAFloat = "value is not a valid float";
export const syntaxError = "syntax error";

/** @throws Refusal for a key that holds another kind of value */
export function refuseKind(): never {
  throw new Refusal("WRONGTYPE Operation against a key holding the wrong kind of value");
}
