import type { WebHandler } from "./reply.ts";

/** A route: `GET /users/:id`. */
interface Route {
  /** Nothing for every method. */
  readonly method: string | undefined;
  readonly pattern: RegExp;
  readonly handler: WebHandler;
}

/** Which handler answers, what its pattern found; or which methods would be answered. */
export type Match =
  | { readonly handler: WebHandler; readonly params: Readonly<Record<string, string>> }
  | { readonly allowed: readonly string[] };

/** Who answers what. The route that was added last comes first, so a test can put its own before others. */
export class Routes {
  #routes: Route[] = [];

  get isEmpty(): boolean {
    return this.#routes.length === 0;
  }

  /**
   * Add a route; the result takes it away again.
   * @param route `GET /users/:id`, `POST /files/*`, or without a method for all of them
   * @throws TypeError for what is no route
   */
  add(route: string, handler: WebHandler): () => void {
    const parts = /^(?:(?<method>[A-Z-]+) )?(?<path>\/\S*)$/.exec(route)?.groups;
    if (!parts)
      throw new TypeError(`"${route}" is no route; write "GET /users/:id", or "/path" for every method`);
    const added: Route = { method: parts["method"], pattern: patternOf(parts["path"] ?? "/"), handler };
    this.#routes = [added, ...this.#routes];
    return () => {
      this.#routes = this.#routes.filter((one) => one !== added);
    };
  }

  /** @returns undefined when no route has this path */
  find(method: string, path: string): Match | undefined {
    const allowed: string[] = [];
    let instead: Match | undefined;
    for (const { method: own, pattern, handler } of this.#routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      const found = { handler, params: paramsOf(match.groups) };
      if (own === undefined || own === method) return found;
      // HEAD is GET without the body (RFC 9110 section 9.3.2).
      if (own === "GET" && method === "HEAD") instead ??= found;
      allowed.push(own);
    }
    return instead ?? (allowed.length > 0 ? { allowed } : undefined);
  }
}

const restName = "portside_rest";

function patternOf(path: string): RegExp {
  const source = path
    .split("/")
    .map((part, index, all) => {
      if (part === "*" && index === all.length - 1) return `(?<${restName}>.*)`;
      const name = /^:(?<name>[A-Za-z_]\w*)$/.exec(part)?.groups?.["name"];
      return name === undefined
        ? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
        : `(?<${name}>[^/]+)`;
    })
    .join("/");
  return new RegExp(`^${source}$`);
}

function paramsOf(groups: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const { [restName]: rest, ...named } = groups ?? {};
  return rest === undefined ? named : { ...named, "*": rest };
}
