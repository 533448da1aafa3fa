import { render } from "preact";
import { html } from "portside/page/html.js";
import { Shell } from "./shell.js";
import { applyTheme } from "portside/page/theme.js";

applyTheme();
render(html`<${Shell} />`, document.body);
