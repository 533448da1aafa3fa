/** A generator of numbers that gives the same ones for the same seed. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * How a reply is compared: as it is; without its order; as pairs without theirs; as a page of SCAN; as the encoding of
 * a value, where the history of a string does not matter.
 */
export type Comparison = "exact" | "unordered" | "pairs" | "page" | "encoding";

export interface RandomCommand {
  readonly words: readonly string[];
  readonly comparison: Comparison;
}

/**
 * Commands by chance, of every family, on few keys of each kind, so that they meet: right ones, wrong ones, on keys of
 * the wrong kind. Nothing in them depends on time or on chance in the server.
 */
export function* randomCommands(seed: number, count: number): Generator<RandomCommand> {
  const random = seeded(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;
  const key = (kind: string): string =>
    random(40) === 0 ? `${pick(["s", "l", "h", "m", "z", "x"])}${random(6)}` : `${kind}${random(6)}`;
  const words = ["a", "b", "c", "d", "10", "-3", "é\x00\xff", "longer than others ".repeat(5), "", "7"];
  const word = (): string => (random(4) === 0 ? `w${random(200)}` : pick(words));
  const index = (): string => (random(60) === 0 ? "x" : String(random(14) - 6));
  const count0 = (): string => String(random(5));
  const score = (): string =>
    pick(["0", "1", "1.5", "-2", "3", "100", "-0.25", "inf", "-inf", "2e3", random(80) === 0 ? "abc" : "5"]);
  const number = (): string =>
    pick([
      "1",
      "-1",
      "5",
      "100",
      "9223372036854775807",
      "-9223372036854775808",
      random(20) === 0 ? "1.5" : "2",
    ]);
  const many = (make: () => string, most = 4): string[] => Array.from({ length: 1 + random(most) }, make);
  const pairs = (left: () => string, right: () => string, most = 3): string[] =>
    Array.from({ length: 1 + random(most) }, () => [left(), right()]).flat();
  const maybe = (...given: readonly string[]): readonly string[] => (random(2) === 0 ? given : []);
  const scoreBound = (): string =>
    pick(["-inf", "+inf", "0", "1", "(1", "2", "(3", "100", "x1"].slice(0, random(30) === 0 ? 9 : 8));
  const lexBound = (): string => pick(["-", "+", "[a", "(b", "[c", "[w1", "(w5"]);
  const id = (): string => pick(["0", "1-1", "2", "3-4", "5-0", "7", "9-9", "(2", "-", "+"]);
  const plainId = (): string => pick(["0", "1-1", "2-0", "3-4", "5-0", "7-0", "9-9"]);
  const far = (): string => String(4_102_444_800_000 + random(1_000) * 1_000);
  let lastMs = 1;
  const nextId = (): string => {
    const kind = random(10);
    if (kind === 0) return plainId();
    if (kind === 1) return `${lastMs}-*`;
    lastMs += random(3);
    return `${lastMs}-${random(5)}`;
  };

  type Make = () => readonly string[] | readonly [Comparison, readonly string[]];
  const s = (): string => key("s");
  const l = (): string => key("l");
  const h = (): string => key("h");
  const m = (): string => key("m");
  const z = (): string => key("z");
  const x = (): string => key("x");
  // Ranges of words have a meaning only where all scores are the same, so these keys meet no others.
  const y = (): string => `y${random(3)}`;
  const any = (): string => key(pick(["s", "l", "h", "m", "z", "x"]));
  const makers: readonly Make[] = [
    () => ["SET", s(), word(), ...maybe(pick(["NX", "XX", "GET", "KEEPTTL"])), ...maybe("PXAT", far())],
    () => ["SET", s(), number()],
    () => ["GET", s()],
    () => ["GETDEL", s()],
    () => ["GETEX", s(), ...maybe(...pick([["PERSIST"], ["PXAT", far()]]))],
    () => ["GETSET", s(), word()],
    () => ["MGET", ...many(any)],
    () => [pick(["MSET", "MSETNX"]), ...pairs(s, word), ...(random(20) === 0 ? ["odd"] : [])],
    () => [pick(["SETNX", "APPEND"]), s(), word()],
    () => [pick(["INCR", "DECR", "STRLEN"]), s()],
    () => [pick(["INCRBY", "DECRBY"]), s(), number()],
    () => ["INCRBYFLOAT", `f${random(3)}`, pick(["1.5", "-0.25", "3", "2.5e2", "x"])],
    () => [pick(["GETRANGE", "SUBSTR"]), s(), index(), index()],
    () => ["SETRANGE", s(), String(random(12)), word()],
    () => ["SETBIT", s(), String(random(40)), pick(["0", "1", "1", "2"])],
    () => ["GETBIT", s(), String(random(40))],
    () => ["BITCOUNT", s(), ...maybe(index(), index(), ...maybe(pick(["BIT", "BYTE"])))],
    () => [pick(["EXISTS", "DEL", "UNLINK", "TOUCH"]), ...many(any, 2)],
    () => ["TYPE", any()],
    () => ["encoding", ["OBJECT", "ENCODING", any()]],
    () => [pick(["RENAME", "RENAMENX"]), any(), any()],
    () => ["COPY", any(), any(), ...maybe("REPLACE")],
    () => ["PEXPIREAT", any(), far(), ...maybe(pick(["NX", "XX", "GT", "LT"]))],
    () => ["PEXPIRETIME", any()],
    () => [pick(["PERSIST", "EXPIRETIME"]), any()],
    () => ["unordered", ["KEYS", pick(["*", "s?", "[lh]*", "z[0-3]", "[^s]1", "*5"])]],
    () => ["DBSIZE"],
    () => [pick(["LPUSH", "RPUSH", "LPUSHX", "RPUSHX"]), l(), ...many(word)],
    () => [pick(["LPUSH", "RPUSH"]), l(), ...many(word)],
    () => [pick(["LPOP", "RPOP"]), l(), ...maybe(count0())],
    () => ["LLEN", l()],
    () => ["LRANGE", l(), index(), index()],
    () => (random(4) === 0 ? ["LTRIM", l(), index(), index()] : ["LINDEX", l(), index()]),
    () => ["LSET", l(), index(), word()],
    () => ["LINSERT", l(), pick(["BEFORE", "AFTER", "x"]), word(), word()],
    () => ["LREM", l(), index(), word()],
    () => [
      "LPOS",
      l(),
      word(),
      ...maybe("RANK", pick(["1", "2", "-1", "-2", "0"])),
      ...maybe("COUNT", count0()),
      ...maybe("MAXLEN", count0()),
    ],
    () => ["LMOVE", l(), l(), pick(["LEFT", "RIGHT"]), pick(["LEFT", "RIGHT", "UP"])],
    () => ["RPOPLPUSH", l(), l()],
    () => ["LMPOP", "2", l(), l(), pick(["LEFT", "RIGHT"]), ...maybe("COUNT", count0())],
    () => [pick(["HSET", "HMSET"]), h(), ...pairs(word, word), ...(random(30) === 0 ? ["odd"] : [])],
    () => ["HSETNX", h(), word(), word()],
    () => [pick(["HGET", "HEXISTS", "HSTRLEN"]), h(), word()],
    () => ["HMGET", h(), ...many(word)],
    () => ["pairs", ["HGETALL", h()]],
    () => ["unordered", [pick(["HKEYS", "HVALS"]), h()]],
    () => ["HLEN", h()],
    () => ["HDEL", h(), ...many(word)],
    () => ["HINCRBY", h(), pick(["n", "a", "b"]), number()],
    () => ["HINCRBYFLOAT", h(), "f", pick(["1.5", "0.25", "-3"])],
    () => ["page", ["HSCAN", h(), "0", "COUNT", "100000"]],
    () => ["SADD", m(), ...many(random(3) === 0 ? () => String(random(30)) : word)],
    () => ["SADD", m(), ...many(word)],
    () => ["SREM", m(), ...many(word)],
    () => ["unordered", ["SMEMBERS", m()]],
    () => ["SISMEMBER", m(), word()],
    () => ["SMISMEMBER", m(), ...many(word)],
    () => ["SCARD", m()],
    () => ["SMOVE", m(), m(), word()],
    () => ["unordered", [pick(["SINTER", "SUNION", "SDIFF"]), ...many(m)]],
    () => [pick(["SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"]), m(), ...many(m)],
    () => ["SINTERCARD", "2", m(), m(), ...maybe("LIMIT", count0())],
    () => ["page", ["SSCAN", m(), "0", "COUNT", "100000", ...maybe("MATCH", "w*")]],
    () => ["ZADD", z(), ...maybe(pick(["NX", "XX", "GT", "LT"])), ...maybe("CH"), ...pairs(score, word)],
    () => ["ZADD", z(), ...pairs(score, word, 5)],
    () => ["ZADD", z(), ...maybe(pick(["NX", "XX"])), "INCR", score(), word()],
    () => ["ZINCRBY", z(), pick(["1", "-0.5", "3"]), word()],
    () => ["ZREM", z(), ...many(word)],
    () => [pick(["ZSCORE", "ZRANK", "ZREVRANK"]), z(), word()],
    () => ["ZMSCORE", z(), ...many(word)],
    () => ["ZCARD", z()],
    () => [pick(["ZCOUNT", "ZREMRANGEBYSCORE"]), z(), scoreBound(), scoreBound()],
    () => [
      pick(["ZLEXCOUNT", "ZRANGEBYLEX", "ZREVRANGEBYLEX", "ZREMRANGEBYLEX"]),
      y(),
      lexBound(),
      lexBound(),
    ],
    () => ["ZADD", y(), ...many(word).flatMap((member) => ["0", member])],
    () => [pick(["ZRANGE", "ZREVRANGE"]), z(), index(), index(), ...maybe("WITHSCORES")],
    () => [
      "ZRANGE",
      z(),
      scoreBound(),
      scoreBound(),
      "BYSCORE",
      ...maybe("REV"),
      ...maybe("LIMIT", index(), index()),
    ],
    () => [
      pick(["ZRANGEBYSCORE", "ZREVRANGEBYSCORE"]),
      z(),
      scoreBound(),
      scoreBound(),
      ...maybe("WITHSCORES"),
      ...maybe("LIMIT", count0(), index()),
    ],
    () => ["ZRANGESTORE", z(), z(), index(), index(), ...maybe("REV")],
    () => ["ZREMRANGEBYRANK", z(), String(random(3)), String(random(3))],
    () => [pick(["ZPOPMIN", "ZPOPMAX"]), z(), ...maybe(count0())],
    () => ["ZMPOP", "2", z(), z(), pick(["MIN", "MAX"]), ...maybe("COUNT", count0())],
    () => [
      pick(["ZUNIONSTORE", "ZINTERSTORE"]),
      z(),
      "2",
      pick([z, m])(),
      z(),
      ...maybe("WEIGHTS", "2", "0.5"),
      ...maybe("AGGREGATE", pick(["SUM", "MIN", "MAX"])),
    ],
    () => [pick(["ZUNION", "ZINTER", "ZDIFF"]), "2", z(), pick([z, m])(), ...maybe("WITHSCORES")],
    () => ["ZDIFFSTORE", z(), "2", z(), z()],
    () => ["ZINTERCARD", "2", z(), z(), ...maybe("LIMIT", count0())],
    () => ["page", ["ZSCAN", z(), "0", "COUNT", "100000"]],
    () => [
      "XADD",
      x(),
      ...maybe("NOMKSTREAM"),
      ...maybe("MAXLEN", "=", String(random(8))),
      nextId(),
      ...pairs(word, word, 2),
    ],
    () => ["XADD", x(), nextId(), ...pairs(word, word, 2)],
    () => ["XLEN", x()],
    () => [pick(["XRANGE", "XREVRANGE"]), x(), id(), id(), ...maybe("COUNT", count0())],
    () => ["XREAD", ...maybe("COUNT", "2"), "STREAMS", x(), x(), plainId(), plainId()],
    () => ["XDEL", x(), ...many(plainId)],
    () => ["XTRIM", x(), pick(["MAXLEN", "MINID"]), String(random(9))],
    () => ["ECHO", word()],
    () => ["PING", ...maybe(word())],
    () => ["SELECT", pick(["0", "0", "1", "99", "x"])],
    () => ["MOVE", any(), "1"],
    () => [pick(["MULTI", "EXEC", "EXEC", "DISCARD", "EXEC"])],
    () => ["WATCH", any()],
    () => (random(40) === 0 ? [pick(["FLUSHDB", "FLUSHALL"])] : ["UNWATCH"]),
    () => [pick(["GET", "LPUSH", "HSET", "ZADD", "XADD", "SADD"])],
    () => ["PUBLISH", word(), word()],
    () => ["nosuchcommand", pick(["a", "b c"])],
  ];
  const comparisons = new Set<string | undefined>(["exact", "unordered", "pairs", "page", "encoding"]);
  for (let made = 0; made < count; made++) {
    const given = pick(makers)();
    if (comparisons.has(given[0]) && Array.isArray(given[1]))
      yield { words: given[1] as readonly string[], comparison: given[0] as Comparison };
    else yield { words: given as readonly string[], comparison: "exact" };
  }
}
