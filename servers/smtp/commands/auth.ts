import type { Turn } from "../../../wire/session.ts";
import { compareLogin } from "../auth/compare-login.ts";
import { cramMd5 } from "../auth/cram-md5.ts";
import { oauthbearer, xoauth2 } from "../auth/bearer.ts";
import { type Dance, SaslError, type Step } from "../auth/mechanism.ts";
import { login, plain } from "../auth/plain.ts";
import { scramSha256 } from "../auth/scram.ts";
import type { Command } from "../command.ts";
import type { Decision, Login } from "../decisions.ts";
import type { Mechanism } from "../options.ts";
import type { Reply } from "../reply.ts";
import type { SmtpSession } from "../session.ts";

const dances: Readonly<Record<Mechanism, Dance>> = {
  PLAIN: plain,
  LOGIN: login,
  "CRAM-MD5": cramMd5,
  "SCRAM-SHA-256": scramSha256,
  XOAUTH2: xoauth2,
  OAUTHBEARER: oauthbearer,
};

/** Mechanisms in which the server speaks first: a response that comes with the command is a mistake (RFC 4954 section 4). */
const serverFirst: ReadonlySet<Mechanism> = new Set(["CRAM-MD5"]);

/** RFC 4954. */
export const auth: Command = {
  verb: "AUTH",
  argument: "required",
  syntax: "AUTH mechanism [initial-response]",
  run: (session, argument) => {
    const [name = "", initial, ...more] = argument.split(" ");
    if (!session.isGreeted) return session.say(503, "say EHLO first", "5.5.1");
    if (!session.options.capabilities.includes("AUTH"))
      return session.say(502, "AUTH is not offered", "5.5.1");
    if (session.user) return session.say(503, "already authenticated", "5.5.1");
    if (session.transaction) return session.say(503, "a transaction is under way; RSET ends it", "5.5.1");
    if (more.length > 0) return session.say(501, "expected AUTH mechanism [initial-response]", "5.5.4");
    const mechanism = mechanismOf(session, name);
    if (!mechanism) return session.say(504, "this mechanism is not known here", "5.5.4");
    if (initial !== undefined && serverFirst.has(mechanism)) {
      return session.say(501, `${mechanism} takes no initial response`, "5.7.0");
    }
    return new Authentication(session, mechanism).begin(initial);
  },
};

function mechanismOf(session: SmtpSession, name: string): Mechanism | undefined {
  const wanted = name.toUpperCase();
  if (wanted === "SCRAM-SHA-256" && !session.options.mechanisms) return wanted;
  return session.mechanisms.find((mechanism) => mechanism === wanted);
}

/** One AUTH command, from its first response to 235 or a refusal. */
class Authentication {
  readonly #session: SmtpSession;
  readonly #mechanism: Mechanism;
  readonly #steps: Generator<Step, void, Buffer>;
  #login: Login | undefined;

  constructor(session: SmtpSession, mechanism: Mechanism) {
    this.#session = session;
    this.#mechanism = mechanism;
    const { hostname } = session.options;
    this.#steps = dances[mechanism]({
      mechanism,
      hostname,
      passwordOf: (user) => session.house.passwordOf(user),
    });
  }

  begin(initial: string | undefined): Turn | Promise<Turn> {
    const first = this.#steps.next();
    return initial === undefined ? this.#take(first) : this.#hear(initial === "=" ? "" : initial);
  }

  #hear(line: string): Turn | Promise<Turn> {
    if (line === "*") return this.#session.say(501, "authentication cancelled", "5.7.0");
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(line)) {
      return this.#session.say(501, "the response is not base64", "5.5.2");
    }
    try {
      return this.#take(this.#steps.next(Buffer.from(line, "base64")));
    } catch (error) {
      if (!(error instanceof SaslError)) throw error;
      return this.#session.say(501, error.message, "5.5.2");
    }
  }

  #take(step: IteratorResult<Step, void>): Turn | Promise<Turn> {
    if (step.done) return this.#succeed();
    if ("challenge" in step.value) {
      this.#session.dialogue = (line) => this.#hear(line);
      return `334 ${Buffer.from(step.value.challenge).toString("base64")}\r\n`;
    }
    this.#login = step.value.login;
    return this.#session.decide(
      () => this.#judge(step.value),
      () => this.#take(this.#steps.next(Buffer.alloc(0))),
      (refused) => this.#fail(refused),
    );
  }

  #judge(step: Step): Decision | Promise<Decision> {
    const login = this.#login!;
    const { onAuth } = this.#session.options;
    if ("login" in step && onAuth) return onAuth(login, this.#session.record());
    return compareLogin(login, this.#session.house.passwordOf(login.user), !this.#session.options.users);
  }

  #succeed(): Turn {
    this.#session.authenticated(this.#mechanism, this.#login?.user ?? "");
    return this.#session.say(235, "authenticated", "2.7.0");
  }

  #fail(refused: Reply): Turn {
    const session = this.#session;
    if (++session.authFailures < session.options.maxAuthFailures) return session.reply(refused);
    return { say: session.reply(refused) + session.say(421, "too many failed logins", "4.7.0"), end: true };
  }
}
