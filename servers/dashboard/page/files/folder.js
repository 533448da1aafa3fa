import { useLayoutEffect } from "preact/hooks";
import { counted, fullTime, shortTime, size } from "../format.js";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";
import { chooseFiles } from "./drop.js";
import { settleFocus } from "./focus.js";
import { contentUrl, fileAddress, fileOf, folderAddress } from "./paths.js";
import { askDelete, askFolder, askName } from "./question.js";
import { entries, folder, hasMore, isLoaded, loadMore, order, problem, sortBy, total } from "./state.js";
import { Uploads } from "./upload-list.js";

/** A folder, with what is done in it. @param {{ rest: string, openLog: () => void }} props */
export const FolderView = ({ rest, openLog }) => html`
  <section class="pane list folder" aria-label="Folder">
    <header class="folder-tools">
      <${Crumbs} path=${folder.value} />
      <button type="button" class="quiet to-log" title="Activity" aria-label="Activity" onClick=${openLog}>
        <${Icon} name="activity" />
      </button>
      <button type="button" class="quiet" title="New folder (n)" aria-label="New folder" onClick=${askFolder}>
        <${Icon} name="folder-new" />
      </button>
      <button type="button" class="main" onClick=${chooseFiles}><${Icon} name="upload" /> Upload</button>
    </header>
    <div class="scroller">
      ${isLoaded.value && html`<${Contents} rest=${rest} />`}
      ${hasMore.value && html`<button type="button" class="more" onClick=${loadMore}>Show more</button>`}
    </div>
    <${Uploads} />
    <p class="folder-facts" role="status">${isLoaded.value && facts()}</p>
  </section>
`;

function facts() {
  const folders = entries.value.filter(({ Type }) => Type === "folder").length;
  const files = entries.value.length - folders;
  const bytes = entries.value.reduce((sum, { Size }) => sum + Size, 0);
  if (hasMore.value)
    return `${entries.value.length.toLocaleString()} of ${total.value.toLocaleString()} shown`;
  return [folders > 0 && counted(folders, "folder"), counted(files, "file"), files > 0 && size(bytes)]
    .filter(Boolean)
    .join(" · ");
}

/** The way from the root to here. @param {{ path: string }} props */
function Crumbs({ path }) {
  const names = path === "/" ? [] : path.slice(1).split("/");
  return html`
    <nav class="crumbs" aria-label="Folders">
      <a href=${folderAddress("/")} aria-current=${path === "/" ? "page" : undefined}>Files</a>
      ${names.map((name, index) => {
        const to = `/${names.slice(0, index + 1).join("/")}`;
        return html`
          <span aria-hidden="true">/</span>
          <a href=${folderAddress(to)} aria-current=${to === path ? "page" : undefined}>${name}</a>
        `;
      })}
    </nav>
  `;
}

/** @param {{ rest: string }} props */
function Contents({ rest }) {
  useLayoutEffect(settleFocus);
  if (problem.value) return html`<p class="nothing">${problem.value}</p>`;
  if (entries.value.length === 0) {
    return html`<p class="nothing">This folder is empty. Drop files here to upload them.</p>`;
  }
  return html`
    <table class="entries">
      <thead>
        <tr>
          <${Heading} by="name" title="Name" />
          <${Heading} by="size" title="Size" />
          <${Heading} by="time" title="Changed" />
          <th><span class="unseen">What to do</span></th>
        </tr>
      </thead>
      <tbody>
        ${entries.value.map((entry) => html`<${Row} key=${entry.Path} entry=${entry} rest=${rest} />`)}
      </tbody>
    </table>
  `;
}

/** @param {{ by: "name" | "size" | "time", title: string }} props */
function Heading({ by, title }) {
  const isSorted = order.value.by === by;
  const direction = order.value.isDown ? "descending" : "ascending";
  return html`
    <th class=${by} aria-sort=${isSorted ? direction : "none"}>
      <button type="button" onClick=${() => sortBy(by)}>
        ${title}<span aria-hidden="true">${isSorted ? (order.value.isDown ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  `;
}

/** @param {{ entry: import("./state.js").Entry, rest: string }} props */
function Row({ entry, rest }) {
  const { Name, Path, Type, Size, Modified } = entry;
  const isFolder = Type === "folder";
  return html`
    <tr class=${fileOf(rest) === Path ? "is-chosen" : ""}>
      <td class="name">
        <a
          href=${isFolder ? folderAddress(Path) : fileAddress(Path)}
          data-file=${Path}
          aria-current=${fileOf(rest) === Path ? "true" : undefined}
        >
          <${Icon} name=${isFolder ? "folder" : Type === "file" ? "file" : "link"} />
          <span class="words">
            <span class="title" title=${Name}>${Name}</span>
            <span class="brief">${isFolder ? "" : `${size(Size)} · `}${shortTime(Modified)}</span>
          </span>
        </a>
      </td>
      <td class="size">${isFolder ? "" : size(Size)}</td>
      <td class="time">
        <time datetime=${Modified} title=${fullTime(Modified)}>${shortTime(Modified)}</time>
      </td>
      <td class="deeds">
        ${
          !isFolder &&
          html`<a
            class="quiet button"
            href=${contentUrl(Path, { dl: 1 })}
            download=${Name}
            title="Download"
            aria-label=${`Download ${Name}`}
            ><${Icon} name="download"
          /></a>`
        }
        <${Deed} icon="pencil" verb="Rename" name=${Name} run=${() => askName(Path, rest)} />
        <${Deed} icon="trash" verb="Delete" name=${Name} run=${() => askDelete(Path, rest)} />
      </td>
    </tr>
  `;
}

/** @param {{ icon: "pencil" | "trash", verb: string, name: string, run: () => void }} props */
const Deed = ({ icon, verb, name, run }) => html`
  <button type="button" class="quiet" title=${verb} aria-label=${`${verb} ${name}`} onClick=${run}>
    <${Icon} name=${icon} />
  </button>
`;
