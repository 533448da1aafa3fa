import { apiUrl } from "../api.js";
import { addressOf } from "../route.js";

/** What the address says behind the tab is a path without its first slash; a folder's ends with one. */

/** The folder that is shown. @param {string} rest */
export const folderOf = (rest) => parent(`/${rest}`);

/** The file that is open in it; empty for none. @param {string} rest */
export const fileOf = (rest) => (rest === "" || rest.endsWith("/") ? "" : `/${rest}`);

/** The folder that a path lies in. @param {string} path */
export const parent = (path) => path.slice(0, path.lastIndexOf("/")) || "/";

/** The last name of a path. @param {string} path */
export const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

/** @param {string} folder @param {string} name */
export const join = (folder, name) => (folder === "/" ? `/${name}` : `${folder}/${name}`);

/** Whether a path lies below a folder. @param {string} path @param {string} folder */
export const isBelow = (path, folder) => path.startsWith(folder === "/" ? "/" : `${folder}/`);

/** The address of a folder on the page. @param {string} path */
export const folderAddress = (path) => addressOf("files", path === "/" ? "" : `${path.slice(1)}/`);

/** The address of a file on the page. @param {string} path */
export const fileAddress = (path) => addressOf("files", path.slice(1));

/** Where the bytes of a file are. @param {string} path @param {Record<string, string | number>} [query] */
export const contentUrl = (path, query = {}) => apiUrl("files/content", { path, ...query }).href;

/** The address of a file on the file server. @param {string} server @param {string} path */
export const ftpAddress = (server, path) => `${server}${path.split("/").map(encodeURIComponent).join("/")}`;
