import type { Chaos, ChaosTrigger, ChaosTriggers } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { badRequest, ref, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { jsonBody } from "./body.ts";

const answers = {
  200: { description: "The triggers as they are now", schema: ref("Chaos") },
  501: { description: "This mail server has no faults on request" },
};

/** Faults on request, as Mailpit names them. */
export const chaosRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/chaos",
    summary: "The fault triggers",
    answers,
    answer: (context, services) => context.json(chaosOf(services).get()),
  },
  {
    method: "PUT",
    path: "/api/v1/chaos",
    summary: "Set the fault triggers; those left out are reset",
    body: ref("Chaos"),
    answers: { ...answers, 400: badRequest },
    answer: async (context, services) => {
      const chaos = chaosOf(services);
      const body = await jsonBody(context, services);
      const triggers: { -readonly [Name in keyof ChaosTriggers]?: ChaosTrigger } = {};
      for (const name of ["Sender", "Recipient", "Authentication"] as const) {
        const value = body[name];
        if (value !== undefined && value !== null) triggers[name] = trigger(name, value);
      }
      chaos.set(triggers);
      return context.json(chaos.get());
    },
  },
];

function chaosOf(services: Services): Chaos {
  const { chaos } = services.settings.mail;
  if (!chaos)
    throw new Refusal(501, "This mail server was started without fault rules, so there is no chaos to set.");
  return chaos;
}

function trigger(name: string, value: unknown): ChaosTrigger {
  const { ErrorCode, Probability } = value as Partial<Record<keyof ChaosTrigger, unknown>>;
  if (!isWithin(ErrorCode, 400, 599)) throw new Refusal(400, `${name}.ErrorCode must be 400 to 599`);
  if (!isWithin(Probability, 0, 100)) throw new Refusal(400, `${name}.Probability must be 0 to 100`);
  return { ErrorCode, Probability };
}

const isWithin = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
