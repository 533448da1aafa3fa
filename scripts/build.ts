import { spawnSync } from "node:child_process";
import { chmod, cp, glob, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/*
 * What is published: `dist` holds the sources compiled one to one, with declarations, and the pages as they are
 * (browsers load them as ES modules, through an import map).
 */
const root = fileURLToPath(new URL("../", import.meta.url));
const dist = `${root}dist/`;

await rm(dist, { recursive: true, force: true });
const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(1);
for await (const page of glob("servers/**/page", { cwd: root })) {
  await cp(root + page, dist + page, { recursive: true });
}
await chmod(`${dist}scripts/portside.js`, 0o755);
