/**
 * A value that a test can name: made when it is named, given to `use`, put away when `use` returns. vitest reads the
 * needs out of the pattern of the first parameter, so that must be a pattern.
 */
export type Fixture<Needs, Value> = (needs: Needs, use: (value: Value) => Promise<void>) => Promise<void>;
