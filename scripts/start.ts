import { command, main } from "./command-line.ts";
import { serve, together } from "./serve.ts";
import { mailFlags } from "./smtp/flags.ts";
import { startMail } from "./smtp.ts";

/** `npm start`: every server there is on its usual port, with one dashboard. A new server is a line in the list. */
export const start = command({
  name: "start",
  summary: "all servers on their usual ports, with one dashboard",
  flags: mailFlags,
  run: (options) => serve(() => together([() => startMail(options)]), options),
});

if (import.meta.main) await main(start);
