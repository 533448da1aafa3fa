export { sendMail, sendMails } from "./send-mail.ts";
export type {
  MailServer,
  OutgoingAttachment,
  OutgoingMail,
  RefusedRecipient,
  SendMailOptions,
  SendMailsOptions,
  SentMail,
  SentMails,
} from "./options.ts";
