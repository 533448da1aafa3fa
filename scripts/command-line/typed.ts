import { extname } from "node:path";

/**
 * A command as the reader has to type it: from the sources `npm run dns -- --zone FILE`, from the installed package
 * `npx portside dns --zone FILE`.
 * @param line as it is in the package: `portside dns --zone FILE`; something may be piped into it
 */
export function typed(line: string): string {
  return line.replace(/(?<=^|\| )portside (\S+)(?: (.+))?$/s, (command, name: string, flags?: string) => {
    if (extname(import.meta.url) !== ".ts") return `npx ${command}`;
    return `npm ${name === "start" ? name : `run ${name}`}${flags === undefined ? "" : ` -- ${flags}`}`;
  });
}
