/** The look that all figures share, for Vega-Lite. Colours are those of the page, with a fallback for files of their own. */

/** Okabe and Ito's palette for colour-blind readers, without its yellow, which is lost on white. */
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"]

/** A custom property of the page, which follows its light or dark theme; the fallback is light. */
const colour = (name: string, fallback: string): string => `var(--${name}, ${fallback})`

const ink = colour("ink", "#1f2328")
const muted = colour("muted", "#59636e")
const grid = colour("grid", "#e4e7eb")
const line = colour("axis", "#9aa4af")

const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** `config` of a Vega-Lite specification, for one panel or several. */
export const config = (panels: "one" | "several") => ({
  background: "transparent",
  font,
  padding: 4,
  view: {
    stroke: "transparent",
    continuousWidth: panels === "one" ? 470 : 215,
    continuousHeight: panels === "one" ? 270 : 150,
  },
  axis: {
    domainColor: line,
    tickColor: line,
    gridColor: grid,
    labelColor: muted,
    titleColor: ink,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 8,
    labelOverlap: "greedy",
    tickCount: 6,
    tickSize: 4,
  },
  legend: {
    labelColor: ink,
    titleColor: muted,
    labelFontSize: 12,
    titleFontSize: 11,
    titleFontWeight: 500,
    symbolStrokeWidth: 2.5,
    labelLimit: 170,
    orient: "bottom",
    direction: "horizontal",
    columns: 4,
    columnPadding: 14,
  },
  header: { labelColor: ink, titleColor: muted, labelFontSize: 12, titleFontSize: 11 },
  title: { color: ink },
  line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
  rule: { color: muted },
  text: { color: ink },
  range: { category: palette.map((each, i) => colour(`series-${i + 1}`, each)) },
})
