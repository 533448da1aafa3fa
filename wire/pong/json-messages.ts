import {
  type ClientMessage,
  type Form,
  type JoinMessage,
  maxLagMs,
  maxLossPercent,
  maxNameLength,
  maxTick,
  type ServerMessage,
} from "./messages.ts";
import { phases } from "./state.ts";
import type { Delta, Snapshot } from "./snapshot.ts";

/** A message as JSON. A ball is `[x, y, vx, vy]`; a delta has only what changed. */
export function writeJson(message: ClientMessage | ServerMessage): string {
  if (message.type === "snapshot") return JSON.stringify({ type: "snapshot", ...flat(message.snapshot) });
  if (message.type === "delta") {
    const { tick, from, changes } = message.delta;
    return JSON.stringify({ type: "delta", tick, from, ...flat(changes) });
  }
  return JSON.stringify(message);
}

/**
 * What a client says, out of JSON; strictly: every field is there, of its type and within its bounds.
 * @throws TypeError saying what is wrong
 */
export function readClientJson(text: string): ClientMessage {
  const fields = objectOf(text);
  switch (fields["type"]) {
    case "join":
      return join(fields);
    case "input":
      return {
        type: "input",
        seq: whole(fields, "seq", 1, 0xffff_ffff),
        tick: whole(fields, "tick", 0, maxTick),
        direction: whole(fields, "direction", -1, 1) as -1 | 0 | 1,
      };
    case "lag":
      return {
        type: "lag",
        latencyMs: whole(fields, "latencyMs", 0, maxLagMs),
        jitterMs: whole(fields, "jitterMs", 0, maxLagMs),
        lossPercent: whole(fields, "lossPercent", 0, maxLossPercent),
      };
    case "ping":
      return { type: "ping", id: whole(fields, "id", 0, 0xffff_ffff) };
    case "rematch":
    case "leave":
      return { type: fields["type"] };
    default:
      throw new TypeError(`there is no message of type ${JSON.stringify(fields["type"]) ?? "nothing"}`);
  }
}

/**
 * What a server says, out of JSON.
 * @throws TypeError when it is none of ours
 */
export function readServerJson(text: string): ServerMessage {
  const fields = objectOf(text);
  switch (fields["type"]) {
    case "snapshot":
      return { type: "snapshot", snapshot: snapshotFrom(fields) };
    case "delta":
      return {
        type: "delta",
        delta: {
          tick: whole(fields, "tick", 0, maxTick),
          from: whole(fields, "from", 0, maxTick),
          changes: changesFrom(fields),
        },
      };
    case "rooms":
    case "welcome":
    case "players":
    case "pong":
    case "lag":
    case "left":
    case "refused":
      // The server is believed in what it says seldom: it is ours, and nothing is interpreted as markup.
      return fields as unknown as ServerMessage;
    default:
      throw new TypeError(`there is no message of type ${JSON.stringify(fields["type"]) ?? "nothing"}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(text: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TypeError("it is no JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new TypeError("it is no JSON object");
  }
  return parsed as Fields;
}

function join(fields: Fields): JoinMessage {
  const as = oneOf(fields, "as", ["player", "spectator"] as const);
  const form = oneOf<Form>(fields, "form", ["json", "binary"]);
  const room = name(fields, "room");
  const called = name(fields, "name");
  const token = fields["token"];
  if (token !== undefined && (typeof token !== "string" || token.length > 100)) {
    throw new TypeError("token must be a text");
  }
  return {
    type: "join",
    ...(room === undefined ? {} : { room }),
    ...(called === undefined ? {} : { name: called }),
    ...(as === undefined ? {} : { as }),
    ...(form === undefined ? {} : { form }),
    ...(token === undefined ? {} : { token }),
  };
}

function name(fields: Fields, field: string): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  // No control characters, no spaces at the ends, nothing that turns the direction of writing.
  const isName =
    typeof value === "string" &&
    value.length <= maxNameLength &&
    /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u.test(value);
  if (!isName) throw new TypeError(`${field} must be 1 to ${maxNameLength} characters`);
  return value;
}

function oneOf<Word extends string>(fields: Fields, field: string, words: readonly Word[]): Word | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found === undefined) throw new TypeError(`${field} must be ${words.join(" or ")}`);
  return found;
}

function whole(fields: Fields, field: string, least: number, most: number): number {
  const value = fields[field];
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${field} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function numbers(fields: Fields, field: string, count: number): number[] {
  const value = fields[field];
  if (!Array.isArray(value) || value.length !== count || !value.every(Number.isInteger)) {
    throw new TypeError(`${field} must be ${count} whole numbers`);
  }
  return value as number[];
}

function flat(changes: Delta["changes"]): object {
  const { ball, winner, ...rest } = changes;
  return {
    ...rest,
    ...("winner" in changes ? { winner: winner ?? null } : {}),
    ...(ball ? { ball: [ball.x, ball.y, ball.vx, ball.vy] } : {}),
  };
}

function snapshotFrom(fields: Fields): Snapshot {
  const parts = ["phase", "until", "ball", "paddles", "score", "acks"];
  const missing = parts.find((part) => fields[part] === undefined);
  if (missing !== undefined) throw new TypeError(`a snapshot without ${missing}`);
  return { ...(changesFrom(fields) as Snapshot), tick: whole(fields, "tick", 0, maxTick) };
}

function changesFrom(fields: Fields): Delta["changes"] {
  const has = (field: string): boolean => fields[field] !== undefined;
  const pair = (field: string): [number, number] => numbers(fields, field, 2) as [number, number];
  const [x = 0, y = 0, vx = 0, vy = 0] = has("ball") ? numbers(fields, "ball", 4) : [];
  return {
    ...(has("phase") ? flags(fields) : {}),
    ...(has("until") ? { until: whole(fields, "until", 0, 0xffff) } : {}),
    ...(has("ball") ? { ball: { x, y, vx, vy } } : {}),
    ...(has("paddles") ? { paddles: pair("paddles") } : {}),
    ...(has("score") ? { score: pair("score") } : {}),
    ...(has("acks") ? { acks: pair("acks") } : {}),
  };
}

function flags(fields: Fields): Pick<Snapshot, "phase" | "directions" | "winner"> {
  const phase = oneOf(fields, "phase", phases)!;
  const directions = numbers(fields, "directions", 2);
  if (!directions.every((direction) => Math.abs(direction) <= 1)) {
    throw new TypeError("directions must be -1, 0 or 1");
  }
  const winner = fields["winner"] ?? null;
  if (winner !== null && winner !== 0 && winner !== 1) throw new TypeError("winner must be 0, 1 or null");
  return {
    phase,
    directions: directions as unknown as Snapshot["directions"],
    winner: winner === null ? undefined : winner,
  };
}
