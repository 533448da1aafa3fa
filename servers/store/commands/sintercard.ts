import { interCard } from "../families/inter-card.ts";
import { inter, setsOf } from "../families/set-algebra.ts";

export const sInterCard = interCard(
  "sintercard",
  (words, client) => inter(setsOf(client, words.slice(2))).size,
);
