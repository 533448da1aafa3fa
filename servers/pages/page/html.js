import htm from "htm";
import { h } from "preact";

/** Markup in a template literal: `` html`<p>${text}</p>` ``. */
export const html = htm.bind(h);
