import { signal } from "@preact/signals";

/** What went wrong last, for the reader; empty when all is well. */
export const complaint = signal("");

/** Everything is asked for relative to the page, so that a webroot needs no telling. */
const base = new URL("api/v1/", document.baseURI);

/**
 * The address of a REST call.
 * @param {string} path after `api/v1/`
 * @param {Record<string, string | number>} [query]
 */
export function apiUrl(path, query = {}) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}

/**
 * Ask for JSON. A failure is shown to the reader and thrown.
 * @param {string} path
 * @param {Record<string, string | number>} [query]
 */
export const ask = async (path, query) => (await call("GET", path, query)).json();

/**
 * Ask for text.
 * @param {string} path
 */
export const askText = async (path) => (await call("GET", path)).text();

/**
 * Change something.
 * @param {"POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string | number>} [query]
 */
export const change = (method, path, body, query) => call(method, path, query, body);

/**
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string | number>} [query]
 * @param {object} [body]
 */
async function call(method, path, query, body) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(apiUrl(path, query), {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {}),
    });
  } catch (error) {
    complaint.value = "The server does not answer.";
    throw error;
  }
  if (!answer.ok) {
    const text = await answer.text();
    // What is not there (any more) is said where it is missed.
    if (answer.status !== 404) complaint.value = text;
    throw new Error(text);
  }
  complaint.value = "";
  return answer;
}
