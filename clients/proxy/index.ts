export { connectThrough, type ConnectThroughOptions } from "./connect-through.ts";
