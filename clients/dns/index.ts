export { askDns, type DnsReply, type DnsRequest } from "./ask.ts";
