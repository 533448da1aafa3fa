import { render } from "preact";
import { html } from "portside/page/html.js";
import { applyTheme } from "portside/page/theme.js";
import { Shell } from "./shell.js";
import { start } from "./stream.js";

applyTheme();
start();
render(html`<${Shell} />`, document.body);
