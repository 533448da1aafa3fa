import { render } from "preact";
import { html } from "portside/page/html.js";
import { applyTheme } from "portside/page/theme.js";
import { listenForKeys } from "./keys.js";
import { Shell } from "./shell.js";
import { connect } from "./stream.js";

applyTheme();
listenForKeys();
render(html`<${Shell} />`, document.body);
void connect();
