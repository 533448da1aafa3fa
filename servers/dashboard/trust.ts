import type { Route } from "./route.ts";

/** The authority of the mail server's certificate, for clients in other processes. */
export const trustRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/ca.pem",
    summary:
      "The authority that signed the mail server's certificate, to be trusted by clients in other processes",
    answers: {
      200: { description: "PEM", type: "application/x-pem-file" },
      501: { description: "This mail server has no authority of its own" },
    },
    answer: (context, { settings }) => {
      const { ca } = settings.mail;
      if (ca === undefined) return context.text("this mail server has no authority of its own", 501);
      return context.text(ca, 200, { "Content-Type": "application/x-pem-file" });
    },
  },
];
