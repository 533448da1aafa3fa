import { resolve } from "node:path";
import { typed } from "../command-line/typed.ts";
import type { Service } from "../serve.ts";
import type { User } from "../../servers/ftp/index.ts";

/** What the screen of a file server is about. */
export interface FileAddresses {
  readonly urls: readonly string[];
  readonly root: string | undefined;
  /** Somebody who may log in; anybody without. */
  readonly user: User | undefined;
}

/** What to say of a file server that is ready: addresses, where the files are, and lines to try. */
export function fileScreen({ urls, root, user }: FileAddresses): Pick<Service, "facts" | "tries"> {
  const [first = ""] = urls;
  const login = user === undefined ? "" : ` -u ${user.name}:${user.password ?? ""}`;
  const lftpLogin = user === undefined ? "" : ` -u ${user.name},${user.password ?? ""}`;
  return {
    facts: [
      ["File server", urls.join("  ")],
      [
        "Files",
        root === undefined
          ? `in memory, gone when this ends; serve a folder with ${typed("portside ftp --root DIR")}`
          : resolve(root),
      ],
      ["Login", user === undefined ? "any name and password" : user.name],
    ],
    tries: [
      `curl -sS${login} -T README.md ${first}/`,
      `curl -sS${login} ${first}/`,
      `lftp${lftpLogin} ${first}`,
    ],
  };
}
