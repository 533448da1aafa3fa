import { type FtpOptions, type FtpServer, startFtp } from "../../servers/ftp/index.ts";
import type { Fixture } from "./fixture.ts";

/** What a test can name to serve files. */
export interface FileFixtures {
  /** How `ftp` is started; others with `test.override({ ftpOptions: { … } })` or `test.extend`. */
  ftpOptions: FtpOptions;
  /** A file server of the test's own, closed when the test is over. */
  ftp: FtpServer;
}

interface FileFixtureTable {
  ftpOptions: FtpOptions;
  ftp: Fixture<Pick<FileFixtures, "ftpOptions">, FtpServer>;
}

/** For `test.extend`. */
export const fileFixtures: FileFixtureTable = {
  ftpOptions: {},
  ftp: async ({ ftpOptions }, use) => {
    await using ftp = await startFtp(ftpOptions);
    await use(ftp);
  },
};
