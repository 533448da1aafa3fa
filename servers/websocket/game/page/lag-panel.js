import { html } from "portside/page/html.js";
import { isPredicting, lag, setLag, setPredicting, statistics, welcome } from "./stream.js";

/** What of the way to the server can be made worse: label, field, sign, unit, the most that makes sense to try, step. */
const sliders = /** @type {const} */ ([
  ["Latency, each way", "latencyMs", "", "ms", 500, 10],
  ["Jitter", "jitterMs", "± ", "ms", 200, 5],
  ["Loss", "lossPercent", "", "%", 30, 1],
]);

/** The way to the server made bad on purpose, what that does, and the switch that hides it. */
export function LagPanel() {
  const known = statistics.value;
  /** @type {readonly (readonly [string, string])[]} */
  const figures = [
    ["Round trip", `${known.roundTripMs.toFixed(0)} ms`],
    ["Jitter", `${known.jitterMs.toFixed(1)} ms`],
    ["Clock offset", `${(known.offsetMs / 1000).toFixed(3)} s`],
    ["Ahead of the server", `${known.leadTicks} ticks`],
    ["Inputs on their way", String(known.pending)],
    ["Corrections", `${known.corrections} of ${known.comparisons}`],
    ["Last error", `${(known.error / 16).toFixed(1)} px`],
    ["Snapshots", `${known.snapshots} full, ${known.deltas} deltas, ${welcome.value?.form}`],
  ];
  return html`
    <section class="lag" aria-label="Lag panel">
      <h2>Lag panel</h2>
      <p class="soft">Faults on your own connection, by the rules every server here has.</p>
      ${sliders.map(([label, field, sign, unit, most, step]) => {
        const value = lag.value[field];
        return html`
          <label class="slider">
            <span>${label}</span>
            <span class="value">${sign}${value} ${unit}</span>
            <input
              type="range"
              name=${field}
              min="0"
              max=${most}
              step=${step}
              value=${value}
              onPointerUp=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
                currentTarget.blur()}
              onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
                setLag({ ...lag.value, [field]: Number(currentTarget.value) })}
            />
          </label>
        `;
      })}
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked=${isPredicting.value}
          onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
            setPredicting(currentTarget.checked)}
        />
        <span>Prediction: my paddle moves at once</span>
      </label>
      <dl>
        ${figures.map(
          ([term, text]) =>
            html`<div>
              <dt>${term}</dt>
              <dd>${text}</dd>
            </div>`,
        )}
      </dl>
    </section>
  `;
}
