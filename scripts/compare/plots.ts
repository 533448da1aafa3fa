import { WireError } from "../../wire/errors.ts";

/** A row of bars: what each is, and how long. */
export interface Bars {
  readonly title: string;
  readonly unit: string;
  /** Whether each step of the axis is ten times the one before: for values that are far apart. */
  readonly isLogarithmic: boolean;
  readonly bars: readonly { readonly name: string; readonly value: number; readonly isReference: boolean }[];
}

/** Draws bars as SVG of a width; its colours are the variables `--ink`, `--faint`, `--bar` and `--reference` of CSS. */
export type Drawing = (bars: Bars, width: number) => string;

/**
 * ECharts, drawing on the server: the page needs no script. An optional peer.
 * @throws WireError PEER_MISSING
 */
export async function loadPlots(): Promise<Drawing> {
  const echarts = await import("echarts").catch((cause: unknown) => {
    throw new WireError("PEER_MISSING", "the page with the plots needs the package: npm install -D echarts", {
      cause,
    });
  });
  return ({ unit, isLogarithmic, bars }, width) => {
    const height = 48 + bars.length * 24;
    // A logarithmic axis has no 0: its bars begin at the power of ten below the smallest.
    const start = isLogarithmic
      ? 10 ** Math.floor(Math.log10(Math.min(...bars.map(({ value }) => value))))
      : 0;
    const chart = echarts.init(undefined, undefined, { renderer: "svg", ssr: true, width, height });
    try {
      const faint = { color: "var(--faint)" };
      const ink = { color: "var(--ink)", fontSize: 12 };
      const names = bars.map(({ name }) => name);
      chart.setOption({
        animation: false,
        // The library guesses the width of the words, as there is no browser to ask: there is some room beside them.
        grid: { left: 28, right: 64, top: 8, bottom: 8, containLabel: true },
        xAxis: {
          type: isLogarithmic ? "log" : "value",
          min: start,
          startValue: start,
          name: unit,
          nameTextStyle: ink,
          axisLabel: { ...ink, hideOverlap: true },
          splitNumber: width < 500 ? 2 : 5,
          splitLine: { lineStyle: faint },
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: names,
          axisLabel: ink,
          axisLine: { lineStyle: faint },
          axisTick: { show: false },
        },
        series: [
          {
            type: "bar",
            barWidth: 14,
            label: {
              ...ink,
              show: true,
              position: "right",
              formatter: ({ value }: { readonly value: unknown }) => labelOf(Number(value)),
            },
            data: bars.map(({ value, isReference }) => ({
              value,
              itemStyle: { color: isReference ? "var(--reference)" : "var(--bar)" },
            })),
          },
        ],
      });
      return chart.renderToSVGString();
    } finally {
      // Its clock would keep the process alive.
      chart.dispose();
    }
  };
}

function labelOf(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(value < 1 ? 2 : 3)));
}
