export { chaosRules } from "./mail/chaos-rules.ts";
export { startDashboard } from "./server.ts";
export type { Dashboard } from "./server.ts";
export type { Chaos, ChaosTrigger, ChaosTriggers, DashboardOptions, FileFace, MailFace } from "./options.ts";
