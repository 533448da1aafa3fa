import { signal } from "@preact/signals";
import { ask } from "./api.js";

/** What the server says about itself. */
export const server = signal({
  Label: "",
  Version: "",
  SMTP: "",
  FTP: "",
  FTPS: "",
  FTPUser: "",
  Compare: false,
});

ask("webui").then(
  (said) => (server.value = said),
  // The reader is told by ask().
  () => {},
);
