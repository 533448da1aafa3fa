import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openSqliteMailbox } from "../../servers/smtp/mailboxes/sqlite.ts";
import { mailboxSearchContract } from "../contracts/mailbox-search.ts";
import { mailboxContract } from "../contracts/mailbox.ts";
import type { ContractOptions } from "../contracts/mailbox.ts";

const folder = mkdtempSync(join(tmpdir(), "portside-mailbox-"));
afterAll(() => rm(folder, { recursive: true }));
let files = 0;

const openInFile = (options?: ContractOptions) =>
  openSqliteMailbox({ ...options, file: join(folder, `${(files += 1)}.sqlite`) });

mailboxContract("the SQLite mailbox in memory", openSqliteMailbox);
mailboxContract("the SQLite mailbox in a file", openInFile);
mailboxSearchContract("the SQLite mailbox in memory", openSqliteMailbox);
mailboxSearchContract("the SQLite mailbox in a file", openInFile);
