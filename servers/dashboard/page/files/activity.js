import { clockTime, counted, fullTime, size, span } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { addressOf } from "../route.js";
import { log } from "./log-state.js";
import { fileAddress, folderAddress } from "./paths.js";

/** @type {Record<string, { icon: "upload" | "download" | "pencil" | "trash" | "folder-new" | "person", did: string, does: string }>} */
const deeds = {
  upload: { icon: "upload", did: "uploaded", does: "uploads" },
  download: { icon: "download", did: "downloaded", does: "downloads" },
  rename: { icon: "pencil", did: "renamed", does: "" },
  change: { icon: "pencil", did: "changed", does: "" },
  delete: { icon: "trash", did: "deleted", does: "" },
  "make-directory": { icon: "folder-new", did: "made", does: "" },
  "remove-directory": { icon: "trash", did: "deleted", does: "" },
  login: { icon: "person", did: "logged in", does: "" },
};

/** The transfer log: who did what, newest first. @param {{ close: () => void }} props */
export const Activity = ({ close }) => html`
  <section class="pane activity" aria-label="Activity">
    <header class="wire-tools">
      <button type="button" class="quiet back" aria-label="Back to the folder" onClick=${close}>
        <${Icon} name="back" />
      </button>
      <h1>Activity</h1>
      <span class="soft">${counted(log.value.length, "entry", "entries")}</span>
    </header>
    ${
      log.value.length === 0
        ? html`<p class="nothing">Logins, transfers and changes show here, as they happen.</p>`
        : html`
            <ol class="log">
              ${log.value.map((change) => html`<${Line} key=${change.Number} change=${change} />`)}
            </ol>
          `
    }
  </section>
`;

/** @param {{ change: import("./log-state.js").Change }} props */
function Line({ change }) {
  const { At, Via, Connection, User, Type, Path, From, Outcome } = change;
  const deed = deeds[Type];
  const isWrong = Outcome === "aborted" || Outcome === "refused";
  const who = User || "Somebody";
  return html`
    <li class=${isWrong ? "wrong" : Outcome === "started" ? "running" : ""}>
      <${Icon} name=${deed?.icon ?? "file"} />
      <div>
        <p>
          <b>${who}</b> ${verb(change)} ${From && html` <span class="path">${From}</span> to`}
          ${Path && html` <${PathLink} change=${change} />`}
        </p>
        <p class="soft">
          <time datetime=${At} title=${fullTime(At)}>${clockTime(At)}</time>
          ${
            Via === "ftp"
              ? html`<a href=${addressOf("wire", `ftp-${Connection}`)}>FTP #${Connection}</a>`
              : html`<span>REST</span>`
          }
          ${figures(change).map((figure) => html`<span>${figure}</span>`)}
        </p>
      </div>
    </li>
  `;
}

/** @param {import("./log-state.js").Change} change */
function verb({ Type, Outcome }) {
  if (Outcome === "refused") return "was refused";
  if (Outcome === "aborted") return `broke off ${Type === "upload" ? "the upload of" : "the download of"}`;
  const deed = deeds[Type];
  return (Outcome === "started" ? deed?.does : deed?.did) || Type;
}

/** The path, with a link when something is there. @param {{ change: import("./log-state.js").Change }} props */
function PathLink({ change: { Type, Path } }) {
  if (Type === "delete" || Type === "remove-directory") return html`<span class="path">${Path}</span>`;
  const to = Type === "make-directory" ? folderAddress(Path) : fileAddress(Path);
  return html`<a class="path" href=${to}>${Path}</a>`;
}

/** @param {import("./log-state.js").Change} change */
function figures({ Type, Outcome, Bytes, DurationMs, Reason }) {
  if (Type !== "upload" && Type !== "download") return [];
  if (Outcome === "started") return ["under way"];
  return [size(Bytes), `in ${span(DurationMs)}`, ...(Reason ? [Reason] : [])];
}
