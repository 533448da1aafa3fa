import { Refusal } from "../refusal.ts";
import type { Route } from "../route.ts";
import { mailOfPath } from "./message.ts";

const notHere: Readonly<Record<string, string>> = {
  "html-check": "Portside does not check the HTML of mails against mail clients yet.",
  "link-check": "Portside does not visit links of mails yet; GET /api/v1/message/{ID}/links lists them.",
  "sa-check": "Portside has no SpamAssassin.",
};

const check = (name: string): Route => ({
  method: "GET",
  path: `/api/v1/message/{ID}/${name}`,
  summary: `Not offered: ${notHere[name]}`,
  answers: { 501: { description: "Not offered" } },
  answer: async (context, services) => {
    await mailOfPath(context, services);
    throw new Refusal(501, notHere[name] ?? "not offered");
  },
});

/** Calls of Mailpit that are answered 501, and why. */
export const checksRoutes: readonly Route[] = [
  ...Object.keys(notHere).map(check),
  {
    method: "POST",
    path: "/api/v1/message/{ID}/release",
    summary: "Not offered: nothing is ever sent onward",
    answers: { 501: { description: "Not offered" } },
    answer: () => {
      throw new Refusal(501, "Portside never sends a mail onward, so there is nothing to release it to.");
    },
  },
];
