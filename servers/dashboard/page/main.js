import { render } from "preact";
import { html } from "./html.js";
import { Shell } from "./shell.js";
import { applyTheme } from "./theme.js";

applyTheme();
render(html`<${Shell} />`, document.body);
