import type { Effect } from "../fault.ts";

/** A key-value store that is not ready, or finds another kind of value. Without `on`, whatever is asked. */
export interface RespErrorFault {
  readonly fault: "loading" | "wrong_type";
}

/** One node of a cluster sends the client to another: for good (`moved`), or for this question (`ask`). */
export interface RedirectFault {
  readonly fault: "moved" | "ask";
  /** The other node: `127.0.0.1:7001`. */
  readonly to: string;
  /** The slot of the key, from 0 to 16383. @default 0 */
  readonly slot?: number;
}

/** The beginning of a value, and then the connection ends. */
export interface HalfBulkFault {
  readonly fault: "half_bulk";
}

const errors = {
  loading: "LOADING Redis is loading the dataset in memory",
  wrong_type: "WRONGTYPE Operation against a key holding the wrong kind of value",
} as const;

const anything = /^/;

export function respError({ fault }: RespErrorFault): Effect {
  return answering(errors[fault]);
}

export function redirect({ fault, to, slot = 0 }: RedirectFault): Effect {
  if (!/^\S+:\d{1,5}$/.test(to)) throw new TypeError(`${fault}: to is an address such as 127.0.0.1:7001`);
  if (!(Number.isInteger(slot) && slot >= 0 && slot <= 16_383))
    throw new TypeError(`${fault}: slot is a number from 0 to 16383`);
  return answering(`${fault.toUpperCase()} ${slot} ${to}`);
}

export function halfBulk(_fault: HalfBulkFault): Effect {
  return {
    title: "half a value, close",
    on: "GET",
    turn: () => async (floor) => {
      const said = Buffer.from(await floor.pass());
      // `$<length>\r\n<value>\r\n`: half of the value, not of the number before it.
      const head = said.indexOf("\r\n") + 2;
      floor.say(said.subarray(0, head + Math.floor((said.length - 2 - head) / 2)));
      floor.end();
    },
  };
}

function answering(text: string): Effect {
  const said = `-${text}\r\n`;
  return {
    title: `-${text.split(" ")[0]}`,
    on: anything,
    turn: () => (floor) => Promise.resolve(floor.say(said)),
  };
}
