import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { examplesPlugin } from "./test/examples.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [examplesPlugin()],
  resolve: {
    // Inside the repository the package's own name means its sources; tests read as a user's would.
    alias: [
      { find: /^portside$/, replacement: at("./index.ts") },
      { find: /^portside\/vitest$/, replacement: at("./test/vitest/index.ts") },
      { find: /^portside\/(servers|clients)\/(.*)$/, replacement: at("./$1/$2/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Most tests wait for others: a browser, somebody's client, a clock. Files beside one another wait together.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    // What is looked at again and again may take its time on a busy machine; it is over as soon as it is right.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
