export { startDashboard } from "./server.ts";
export type { Dashboard } from "./server.ts";
export type { Chaos, ChaosTrigger, ChaosTriggers, DashboardOptions, MailFace } from "./options.ts";
