import type { EsmtpParameters } from "./mailbox.ts";
import type { Capability } from "./options.ts";
import { type Reply, refuse } from "./reply.ts";
import type { SmtpSession } from "./session.ts";

interface Parameter {
  /** The extension that brings it. */
  readonly capability: Capability;
  /** What its value looks like; none when it takes no value. */
  readonly value?: RegExp;
}

// RFC 3461 section 4: printable ASCII but + and =, which are written +2B and +3D.
const xtext = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})+$/;

const parameters: Readonly<Record<"MAIL" | "RCPT", Readonly<Record<string, Parameter>>>> = {
  MAIL: {
    // RFC 1870
    SIZE: { capability: "SIZE", value: /^\d{1,20}$/ },
    // RFC 6152, RFC 3030
    BODY: { capability: "8BITMIME", value: /^(?:7BIT|8BITMIME|BINARYMIME)$/i },
    // RFC 6531
    SMTPUTF8: { capability: "SMTPUTF8" },
    // RFC 3461
    RET: { capability: "DSN", value: /^(?:FULL|HDRS)$/i },
    ENVID: { capability: "DSN", value: new RegExp(`(?=^.{1,100}$)${xtext.source}`) },
    // RFC 4954 section 5
    AUTH: { capability: "AUTH", value: xtext },
    // RFC 8689
    REQUIRETLS: { capability: "REQUIRETLS" },
  },
  RCPT: {
    NOTIFY: {
      capability: "DSN",
      value: /^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2})$/i,
    },
    ORCPT: { capability: "DSN", value: /^[A-Za-z0-9-]{1,50};.{1,450}$/ },
  },
};

/** The reply to parameters that are unknown, not offered, or wrong (RFC 5321 section 4.1.1.11); nothing when all are right. */
export function refusedParameter(
  verb: "MAIL" | "RCPT",
  given: EsmtpParameters,
  session: SmtpSession,
): Reply | undefined {
  for (const [name, value] of Object.entries(given)) {
    const known = parameters[verb][name];
    if (!known || !session.offers(known.capability))
      return refuse(555, `${verb} parameter ${name} is not known here`, "5.5.4");
    const isRight = known.value ? typeof value === "string" && known.value.test(value) : value === true;
    if (!isRight) return refuse(501, `${verb} parameter ${name} has a wrong value`, "5.5.4");
    if (name === "SIZE" && Number(value) > session.options.maxMessageBytes) {
      return refuse(552, `the message is larger than ${session.options.maxMessageBytes} bytes`, "5.3.4");
    }
    if (name === "BODY" && String(value).toUpperCase() === "BINARYMIME" && !session.offers("BINARYMIME")) {
      return refuse(555, "BODY=BINARYMIME is not known here", "5.5.4");
    }
  }
  return undefined;
}
