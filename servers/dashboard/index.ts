export { chaosRules } from "./mail/chaos-rules.ts";
export type { ComparedTransport, CompareFace, HeardPart } from "./compare/face.ts";
export { startDashboard } from "./server.ts";
export type { Dashboard } from "./server.ts";
export type { Chaos, ChaosTrigger, ChaosTriggers, DashboardOptions, FileFace, MailFace } from "./options.ts";
