import { isIP } from "node:net";
import { probePorts, type ProbeResult } from "../clients/socket/index.ts";
import { CommandError, durationMs, operands, toggle, value } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { command, main } from "./command-line.ts";

/** `npm run probe`: which ports of a host answer, with what greeting and what TLS. */
export const probe = command({
  name: "probe",
  summary: "knocks at ports of one host, and says who answers",
  flags: {
    where: operands({ argument: "HOST PORTS…", help: "one host, then ports: 25 8000-8100 443,993" }),
    all: toggle({ help: "list closed ports too", letter: "a" }),
    timeout: value({ argument: "TIME", help: "how long to wait for a connection; default 1s" }, durationMs),
    json: toggle({ help: "a JSON object for each port" }),
  },
  examples: ["portside probe 127.0.0.1 1025 2121 8000-8100", "portside probe mail.example.test 25,465,587"],
  run: async ({ where, all, timeout, json }) => {
    const [host, ...words] = where;
    if (host === undefined || words.length === 0)
      throw new CommandError("give a host and ports, such as 127.0.0.1 1025 8000-8100");
    checkHost(host);
    let open = 0;
    for await (const result of probePorts(host, words.flatMap(portsOf), given({ timeoutMs: timeout }))) {
      if (result.state === "open") open++;
      if (json) console.log(JSON.stringify(result));
      else if (all || result.state === "open") console.log(line(result));
    }
    if (open === 0 && !json) console.error(`portside probe: nobody answers on ${host}`);
    return open === 0 ? 1 : 0;
  },
});

/** One host, by its name or its address: this is no tool to look at networks. */
function checkHost(host: string): void {
  if (isIP(host) === 0 && (!/^[\w.-]+$/.test(host) || /^[\d.-]+$/.test(host))) {
    throw new CommandError(`"${host}" is not one host; name hosts one by one`);
  }
}

function portsOf(word: string): number[] {
  return word.split(",").flatMap((part) => {
    const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === "" || from < 1 || to > 65_535 || from > to) {
      throw new CommandError(`"${part}" is no port and no range of ports; give 25, or 8000-8100`);
    }
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function line({ port, state, elapsedMs, greeting, tls }: ProbeResult): string {
  const said =
    greeting !== ""
      ? greeting.replace(/[^\x20-\x7e]/g, ".")
      : tls
        ? `${tls.version}, certificate of ${tls.subject || "nobody"} until ${tls.validTo}`
        : "";
  return `${String(port).padStart(5)}  ${state.padEnd(6)}  ${elapsedMs.toFixed(1).padStart(7)} ms  ${said}`.trimEnd();
}

if (import.meta.main) await main(probe);
