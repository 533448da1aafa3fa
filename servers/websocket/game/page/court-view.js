import { useEffect, useRef } from "preact/hooks";
import { html } from "portside/page/html.js";
import { court } from "portside/wire/pong/court.js";
import { followPointer, holdCourt, listenToKeys } from "./steering.js";
import { player, welcome } from "./stream.js";

const { width, height, paddleHalf, paddleWidth, paddleMargin, ballHalf } = court;

/** Left edges of the paddles. */
const paddleX = [paddleMargin, width - paddleMargin - paddleWidth];

/**
 * The court. Its parts are moved at each frame of the screen, past the templates: they are where they were drawn last,
 * not what the page is made of.
 */
export function CourtView() {
  /** @type {{ current: SVGSVGElement | null }} */
  const drawing = useRef(null);
  useEffect(listenToKeys, []);
  useEffect(() => {
    const svg = drawing.current;
    if (!svg) return;
    const ball = part(svg, ".ball");
    const paddles = [part(svg, ".paddle-0"), part(svg, ".paddle-1")];
    const ghost = part(svg, ".ghost");
    let frame = 0;
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const view = player.view(performance.now());
      const { side } = player;
      svg.classList.toggle("is-starved", view?.isStarved ?? false);
      if (!view) return;
      ball.setAttribute("transform", `translate(${view.ball.x} ${view.ball.y})`);
      paddles.forEach((paddle, at) =>
        paddle.setAttribute("transform", `translate(0 ${view.paddles[at] ?? 0})`),
      );
      if (side === undefined) return;
      ghost.setAttribute("transform", `translate(${paddleX[side]} ${view.snapshot.paddles[side]})`);
      followPointer(view.paddles[side]);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);

  /** @param {PointerEvent} event */
  const hold = (event) => {
    if (event.type === "pointerdown") drawing.current?.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const box = drawing.current?.getBoundingClientRect();
    if (box) holdCourt(((event.clientY - box.top) / box.height) * height);
  };
  const letGo = () => holdCourt(undefined);
  const { side } = welcome.value ?? {};
  return html`
    <svg
      ref=${drawing}
      class=${`court side-${side ?? "none"}`}
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="The court"
      onPointerDown=${hold}
      onPointerMove=${hold}
      onPointerUp=${letGo}
      onPointerCancel=${letGo}
    >
      <line class="net" x1=${width / 2} y1="0" x2=${width / 2} y2=${height} />
      <rect class="ghost" x="0" y=${-paddleHalf} width=${paddleWidth} height=${2 * paddleHalf} />
      ${paddleX.map(
        (x, at) =>
          html`<rect
            class="paddle paddle-${at}"
            x=${x}
            y=${-paddleHalf}
            width=${paddleWidth}
            height=${2 * paddleHalf}
            rx="64"
          />`,
      )}
      <rect class="ball" x=${-ballHalf} y=${-ballHalf} width=${2 * ballHalf} height=${2 * ballHalf} rx="48" />
    </svg>
  `;
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} selector
 */
function part(svg, selector) {
  const found = svg.querySelector(selector);
  if (!found) throw new Error(`the court has no ${selector}`);
  return found;
}
