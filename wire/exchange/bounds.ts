/**
 * How much a script may ask for. A recorded file from a stranger can be played against localhost because no code in
 * it runs and because of these limits, which the parser and the player enforce.
 */
export const bounds = {
  repeatTimes: 10_000,
  scriptLines: 20_000,
  messageBytes: 16 * 1024 * 1024,
  includeDepth: 8,
  /** How deep blocks and calls may stand in each other. */
  nesting: 32,
  /** What `repeat()` and `+` may build in an expression. */
  valueBytes: 16 * 1024 * 1024,
  waitMs: 3_600_000,
} as const;
