import { interCard } from "../families/inter-card.ts";
import { planOf, result } from "../families/sorted-set-algebra.ts";

export const zInterCard = interCard(
  "zintercard",
  (words, client) => result(planOf(words, 1, client, "inter", false), "inter").size,
);
