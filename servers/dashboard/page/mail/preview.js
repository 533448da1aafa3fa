import { useSignal } from "@preact/signals";
import { html } from "portside/page/html.js";
import { Icon } from "../icons.js";

/** @type {{ name: string, icon: "phone" | "tablet" | "screen", width: string }[]} */
const widths = [
  { name: "Phone", icon: "phone", width: "375px" },
  { name: "Tablet", icon: "tablet", width: "768px" },
  { name: "Desktop", icon: "screen", width: "100%" },
];

/** What a mail would load from elsewhere: pictures, styles, fonts. */
const remote =
  /(?:\b(?:src|srcset|background|poster)\s*=\s*["']?|url\(\s*["']?|@import\s+["']?|<link\b[^>]*href\s*=\s*["']?)(?:https?:)?\/\//i;

/** The HTML as a mail program shows it, in a frame without scripts and without an origin. @param {{ mail: import("./message.js").Mail }} props */
export function Preview({ mail }) {
  const width = useSignal("100%");
  const isRemoteAllowed = useSignal(false);
  const source = `view/${mail.ID}.html?embed=1${isRemoteAllowed.value ? "&remote=1" : ""}`;
  return html`
    <div class="preview">
      <div class="preview-tools">
        ${
          remote.test(mail.HTML) &&
          !isRemoteAllowed.value &&
          html`
            <p class="blocked">
              Remote pictures and styles are not loaded.
              <button type="button" onClick=${() => (isRemoteAllowed.value = true)}>Load them</button>
            </p>
          `
        }
        <div class="widths" role="group" aria-label="Width">
          ${widths.map(
            (one) => html`
              <button
                type="button"
                class="quiet"
                title=${one.name}
                aria-label=${one.name}
                aria-pressed=${width.value === one.width}
                onClick=${() => (width.value = one.width)}
              >
                <${Icon} name=${one.icon} />
              </button>
            `,
          )}
        </div>
      </div>
      <div class="stage">
        <iframe
          title="The mail as HTML"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerpolicy="no-referrer"
          src=${source}
          style=${{ width: width.value }}
        ></iframe>
      </div>
    </div>
  `;
}
