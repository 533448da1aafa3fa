import { startSmtp } from "../../../../servers/smtp/index.ts";
import { answerBench } from "../../child.ts";

/* The server that both clients talk to. It keeps few mails, so that rounds are alike. */

const smtp = await startSmtp({ maxMails: 100 });
answerBench({ port: smtp.port }, () => ({}));
