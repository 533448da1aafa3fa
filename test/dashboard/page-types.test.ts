import { expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import { runTool } from "../peers/tools.ts";

// The page has no build step, so its JSDoc types are checked here.
test("the types of the page's modules hold", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const project = fileURLToPath(new URL("page.tsconfig.json", import.meta.url));
  const run = await runTool("npx", ["tsc", "-p", project], { codes: "any", cwd: root });
  expect(run.stdout).toBe("");
  expect(run.code).toBe(0);
});
