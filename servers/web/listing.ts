import { readdirSync } from "node:fs";

/** The page of a folder: its folders first, then its files, each by name. */
export function listingPage(path: string, hostPath: string): string {
  const entries = readdirSync(hostPath, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort((a, b) => Number(b.endsWith("/")) - Number(a.endsWith("/")) || (a < b ? -1 : 1));
  const rows = [...(path === "/" ? [] : ["../"]), ...entries].map(
    (name) => `<li><a href="${escapeHtml(linkTo(name))}">${escapeHtml(name)}</a></li>`,
  );
  const title = `Index of ${escapeHtml(path)}`;
  return [
    "<!doctype html>",
    `<html lang="en"><meta charset="utf-8"><title>${title}</title>`,
    "<style>body{font:16px/1.6 system-ui,sans-serif;margin:2rem}ul{list-style:none;padding:0}</style>",
    `<h1>${title}</h1>`,
    `<ul>`,
    ...rows,
    "</ul></html>\n",
  ].join("\n");
}

/** A path as it stands in a target, percent-encoded. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** `./` in front: a name such as `mailto:x` would be a URL of its own. */
function linkTo(name: string): string {
  return name === "../" ? name : `./${encodePath(name)}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
