import { startStore } from "../../../../servers/store/index.ts";
import { FaultRules } from "../../../../wire/exchange/fault-rules.ts";
import { answerBench } from "../../child.ts";

/* A store with the engine of rules in it and no rule, or with nobody in between. */

const interceptor =
  process.argv[2] === "engine" ? new FaultRules({ dialect: "resp" }) : { open: () => undefined };
const store = await startStore({ interceptor });

answerBench({ port: store.port }, () => ({}));
