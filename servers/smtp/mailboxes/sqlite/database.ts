import { DatabaseSync } from "node:sqlite";
import { WireError } from "../../../../wire/errors.ts";

/** Marks a file as a mailbox of ours: "PSMB". */
const applicationId = 0x50534d42;
const schemaVersion = 1;

/*
 * mails   one row each, never changed: what lists need as JSON, where the mail came from as JSON, the raw bytes last
 * marks   what people did to a mail; no row for one that nobody touched. A table of its own, because SQLite writes
 *         the whole row, raw bytes included, for one changed column
 * words   the index of words without the words' text: that can be read from the raw bytes. Merged later and in fewer
 *         steps than FTS5 does by itself, most of all after deletions: with retention there is one for every mail.
 *         Each batch is a segment; to merge 8 at a time took a third of indexing, and more segments take little longer
 *         to search. All of a level at once (crisismerge) only when merging in steps falls behind
 */
const schema = `
  CREATE TABLE mails (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    received_at_ms REAL NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    origin TEXT NOT NULL,
    raw BLOB NOT NULL
  ) STRICT;
  CREATE TABLE marks (
    sequence INTEGER PRIMARY KEY,
    is_read INTEGER NOT NULL,
    tags TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE words USING fts5(
    subject, addresses, text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
  INSERT INTO words(words, rank) VALUES ('automerge', 32);
  INSERT INTO words(words, rank) VALUES ('crisismerge', 64);
  INSERT INTO words(words, rank) VALUES ('deletemerge', 40);
  INSERT INTO words(words, rank) VALUES ('pgsz', 4000);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * A database with the tables of a mailbox. A file is held for this process alone until it is closed.
 * @param file undefined for one in memory
 * @throws TypeError when the file cannot be opened, is no mailbox, or is one of a newer version
 * @throws WireError FILE_IN_USE when another process (or this one) holds the file
 */
export function openDatabase(file: string | undefined): DatabaseSync {
  const database = new DatabaseSync(file ?? ":memory:", { open: false });
  try {
    database.open();
    database.exec(file === undefined ? memoryPragmas : filePragmas);
    checkAndCreate(database, file);
    return database;
  } catch (error) {
    if (database.isOpen) database.close();
    throw asOurs(error, file);
  }
}

// Pages of 16 KB: a row of a 1 KB mail takes 9 µs instead of 15 with the usual 4 KB. There is nobody to roll back for.
const memoryPragmas = `
  PRAGMA page_size = 16384;
  PRAGMA journal_mode = MEMORY;
  PRAGMA synchronous = OFF;
`;

// NORMAL with WAL: what was committed survives the death of the process, not always that of the power supply.
const filePragmas = `
  PRAGMA page_size = 16384;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -16384;
`;

function checkAndCreate(database: DatabaseSync, file = ":memory:"): void {
  const found = Number(database.prepare("PRAGMA application_id").get()?.["application_id"]);
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  const tables = Number(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]);
  if (tables === 0) {
    // One transaction, so that a process killed here leaves an empty file behind and not half a schema.
    database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
  } else if (found !== applicationId) {
    throw new TypeError(`${file} is a database, but not a mailbox; name another file`);
  } else if (version > schemaVersion) {
    throw new TypeError(
      `${file} is a mailbox of version ${version}, this portside reads up to ${schemaVersion}; update portside`,
    );
  }
}

/** SQLite's result codes that a person can do something about. @see https://www.sqlite.org/rescode.html */
const busy = 5;
const cannotOpen = 14;
const notADatabase = 26;

function asOurs(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || file === undefined) return error;
  // Extended codes carry the plain one in their low byte.
  const code = Number(error.errcode) & 0xff;
  const options = { cause: error };
  if (code === busy) {
    return new WireError(
      "FILE_IN_USE",
      `${file} is held by another mailbox; close that one or name another file`,
      options,
    );
  }
  if (code === cannotOpen) {
    return new TypeError(`${file} cannot be opened; its folder must exist and be writable`, options);
  }
  if (code === notADatabase) return new TypeError(`${file} is not a mailbox; name another file`, options);
  return error;
}
