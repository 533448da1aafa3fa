import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useHeading } from "../heading.js";
import { html } from "portside/page/html.js";
import { listenToKeys } from "../keys.js";
import { server } from "../server.js";
import { Activity } from "./activity.js";
import { dropTarget, isDragging } from "./drop.js";
import { Empty } from "./empty.js";
import { FileView } from "./file.js";
import { leaveFor } from "./focus.js";
import { FolderView } from "./folder.js";
import { fileKeys } from "./keys.js";
import { log } from "./log-state.js";
import { fileOf, folderOf, nameOf } from "./paths.js";
import { QuestionDialog } from "./question.js";
import { entries, folder, isLoaded, problem, start, visit } from "./state.js";
import { uploads } from "./uploads.js";

/** @type {import("../tabs.js").Tab} */
export const filesTab = {
  id: "files",
  title: "Files",
  isThere: () => server.value.FTP !== "",
  View: FilesTab,
  keys: [
    ["j k", "Next and previous file"],
    ["Enter", "Open the file or folder"],
    ["Backspace", "Go to the folder above"],
    ["u", "Upload files"],
    ["n", "New folder"],
    ["r", "Rename"],
    ["Del", "Delete"],
  ],
};

/** @param {{ rest: string }} props `rest` is the path of a file, or of a folder with a slash at its end */
function FilesTab({ rest }) {
  const isLogOpen = useSignal(false);
  const isThere = server.value.FTP !== "";
  useEffect(() => {
    if (isThere) start();
  }, [isThere]);
  useEffect(() => {
    if (!isThere) return;
    leaveFor(folderOf(rest));
    visit(folderOf(rest));
  }, [isThere, folderOf(rest)]);
  useEffect(() => listenToKeys(fileKeys(rest)), [rest]);
  useHeading(nameOf(fileOf(rest) || folderOf(rest)));
  if (!isThere || (!isLoaded.value && folder.value === "/")) return null;
  const file = fileOf(rest);
  return html`
    <div class=${`drop ${isDragging.value ? "is-dragging" : ""}`} ...${dropTarget}>
      ${
        isUntouched() && rest === ""
          ? html`<${Empty} />`
          : html`
              <div class=${`panes browse ${file || isLogOpen.value ? "is-open" : ""}`}>
                <${FolderView} rest=${rest} openLog=${() => (isLogOpen.value = true)} />
                ${
                  file && !isLogOpen.value
                    ? html`<${FileView} key=${file} path=${file} rest=${rest} />`
                    : html`<${Activity} close=${() => (isLogOpen.value = false)} />`
                }
              </div>
            `
      }
      <p class="drop-here" aria-hidden="true">Drop to upload to <b>${folder.value}</b></p>
      <${QuestionDialog} />
    </div>
  `;
}

/** Nothing is there and nothing ever was. */
const isUntouched = () =>
  entries.value.length === 0 &&
  problem.value === "" &&
  uploads.value.length === 0 &&
  log.value.every(({ Type }) => Type === "login");
