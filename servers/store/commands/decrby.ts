import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { checked, counter } from "../families/count.ts";

export const decrBy = counter("decrby", 3, (words) => {
  const text = checked(words[2]!);
  // The one number whose opposite does not fit into 64 bits.
  if (text === "-9223372036854775808") refuse("decrement would overflow");
  return text.length < 16 ? -integerOf(text) : String(-BigInt(text));
});
