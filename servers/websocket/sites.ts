import type { Door, Site } from "./site.ts";

/** A site, and what of a path lies below it. */
interface Place {
  readonly site: Site;
  readonly path: string;
}

/** The sites of a server by their paths; the longest that fits has it. */
export class Sites {
  readonly #sites = new Map<string, Site>();

  /** @throws TypeError for a path that is none */
  constructor(sites: Readonly<Record<string, Site>>) {
    for (const [path, site] of Object.entries(sites)) this.add(path, site);
  }

  /** @throws TypeError for a path that is none, or that is taken */
  add(path: string, site: Site): () => void {
    if (!/^\/[\w\-./~]*$/.test(path)) throw new TypeError(`a site's path is such as "/chat", not "${path}"`);
    const prefix = path.replace(/\/+$/, "");
    if (this.#sites.has(prefix))
      throw new TypeError(`there is a site at "${path}" already; take it out first`);
    this.#sites.set(prefix, site);
    return () => this.#sites.delete(prefix);
  }

  /** Who answers for a path; the rest begins with a slash, or is empty when the slash behind the site is missing. */
  find(path: string): Place | undefined {
    let prefix = path.replace(/\/$/, "");
    for (;;) {
      const site = this.#sites.get(prefix);
      if (site) return { site, path: path.slice(prefix.length) };
      if (prefix === "") return undefined;
      prefix = prefix.slice(0, prefix.lastIndexOf("/"));
    }
  }

  /** The door at a path. */
  door(path: string): { readonly door: Door; readonly path: string } | undefined {
    const place = this.find(path);
    if (!place) return undefined;
    const { doors = {} } = place.site;
    const below = place.path === "" ? "/" : place.path;
    const open = Object.keys(doors).find((name) => name === below || isBelow(below, name));
    return open === undefined ? undefined : { door: doors[open]!, path: below };
  }
}

const isBelow = (path: string, name: string): boolean =>
  name.endsWith("/*") && path.startsWith(name.slice(0, -1));
