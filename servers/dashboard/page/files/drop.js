import { signal } from "@preact/signals";
import { folder } from "./state.js";
import { upload } from "./uploads.js";

/** Whether files hang over the page. */
export const isDragging = signal(false);

/** What makes an element take files that are dropped on it. */
export const dropTarget = {
  /** @param {DragEvent} event */
  onDragOver(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    isDragging.value = true;
  },
  /** @param {DragEvent} event */
  onDragLeave(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget);
    if (!box.contains(/** @type {Node | null} */ (event.relatedTarget))) isDragging.value = false;
  },
  /** @param {DragEvent} event */
  async onDrop(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    isDragging.value = false;
    const into = folder.value;
    upload(into, await filesOf(event.dataTransfer));
  },
};

/** Let the reader choose files. */
export function chooseFiles() {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = true;
  field.addEventListener("change", () =>
    upload(
      folder.value,
      [...(field.files ?? [])].map((file) => ({ file, name: file.name })),
    ),
  );
  field.click();
}

/**
 * The files that were dropped, those in folders by their path.
 * @param {DataTransfer} transfer
 */
async function filesOf(transfer) {
  // The list is empty after the first pause, so everything is taken out of it at once.
  const plain = [...transfer.files].map((file) => ({ file, name: file.name }));
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  if (entries.some((entry) => entry === null)) return plain;
  /** @type {{ file: File, name: string }[]} */
  const found = [];
  for (const entry of entries) if (entry) await walk(entry, "", found);
  return found;
}

/** @param {FileSystemEntry} entry @param {string} before @param {{ file: File, name: string }[]} found */
async function walk(entry, before, found) {
  const name = `${before}${entry.name}`;
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    found.push({ file, name });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A folder is read in pieces of a hundred, until one is empty.
    /** @type {FileSystemEntry[]} */
    const piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return;
    for (const child of piece) await walk(child, `${name}/`, found);
  }
}
