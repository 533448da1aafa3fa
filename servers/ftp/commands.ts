/** Every command of the server. A new one is a file in commands/ and a line here; HELP and FEAT follow. */
import type { Command } from "./command.ts";
import { clnt, feat, help, host, lang, opts, syst } from "./commands/about.ts";
import { mff, mfmt, site } from "./commands/change.ts";
import { eprt, epsv, pasv, port } from "./commands/data-address.ts";
import { avbl, mdtm, mlst, size } from "./commands/facts.ts";
import { dele, rnfr, rnto } from "./commands/files.ts";
import { cdup, cwd, folderVariants, mkd, pwd, rmd } from "./commands/folders.ts";
import { hash, olderHashes } from "./commands/hash.ts";
import { list, mlsd, nlst } from "./commands/list.ts";
import { acct, pass, rein, user } from "./commands/login.ts";
import { allo, mode, rang, rest, stru, type } from "./commands/parameters.ts";
import { retr } from "./commands/retrieve.ts";
import { abor, noop, quit, stat } from "./commands/status.ts";
import { appe, stor, stou } from "./commands/store.ts";
import { auth, ccc, pbsz, prot } from "./commands/tls.ts";

const login = [user, pass, acct, rein, quit];
const protection = [auth, pbsz, prot, ccc];
const folders = [cwd, cdup, pwd, mkd, rmd, ...folderVariants];
const files = [dele, rnfr, rnto];
const parameters = [type, stru, mode, rest, rang, allo, pasv, epsv, port, eprt];
const transfers = [retr, stor, stou, appe, abor, list, nlst, mlsd];
const facts = [mlst, stat, size, mdtm, mfmt, mff, avbl, hash, ...olderHashes];
const about = [syst, feat, opts, help, noop, site, host, clnt, lang];

const all: readonly Command[] = [
  login,
  protection,
  folders,
  files,
  parameters,
  transfers,
  facts,
  about,
].flat();

/** By verb, in the order of FEAT. */
export const commands: ReadonlyMap<string, Command> = new Map(all.map((command) => [command.verb, command]));
