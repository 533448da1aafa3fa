import { SMTPServer } from "smtp-server";
import { sharedLeaf } from "../../../../wire/certificate.ts";
import { answerBench } from "../../child.ts";
import { Keeper } from "../keeper.ts";

/* nodemailer's smtp-server as its README shows it, keeping raw bytes. */

const keeper = new Keeper();

const server = new SMTPServer({
  ...sharedLeaf(),
  authOptional: true,
  disabledCommands: ["AUTH"],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      keeper.keep(Buffer.concat(chunks));
      done();
    });
  },
});
server.on("error", () => {});
const listening = server.listen(0, "127.0.0.1", () => {
  const address = listening.address();
  answerBench({ port: typeof address === "object" && address ? address.port : 0 }, () => ({
    count: keeper.count,
  }));
});
