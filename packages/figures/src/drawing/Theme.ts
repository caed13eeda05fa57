/** The look that all figures share, for Vega-Lite. Colours of the page, with fallbacks for standalone files. */

/** Okabe and Ito's palette for colour-blind readers, without its yellow, which is lost on white. */
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"]

/** A custom property of the page, which follows its light or dark theme; the fallback is light. */
const colour = (name: string, fallback: string): string => `var(--${name}, ${fallback})`

const ink = colour("ink", "#1f2328")
const muted = colour("muted", "#59636e")
const grid = colour("grid", "#e4e7eb")
const line = colour("axis", "#9aa4af")

const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** Sizes of the fonts of labels of legends and titles of axes. */
export const fontSize = 12

/** Target of a figure: on narrow screens and cards it keeps its size, so that text stays readable. */
export type Screen = "wide" | "narrow" | "card"

/** Pixels for the axes of a panel, and for the legend below all panels. */
export interface Room {
  readonly x: number
  readonly y: number
  readonly whole: number
}

/** The room of the axes of one panel, or of each of several. */
export const room = {
  wide: { one: { x: 470, y: 270, whole: 520 }, several: { x: 215, y: 150, whole: 520 } },
  card: { one: { x: 230, y: 78, whole: 285 }, several: { x: 230, y: 60, whole: 285 } },
  narrow: { one: { x: 215, y: 200, whole: 290 }, several: { x: 215, y: 130, whole: 290 } },
} as const satisfies Record<Screen, Record<"one" | "several", Room>>

/** `config` of a Vega-Lite specification, for panels of a room, with legends in columns. */
export const config = ({ x, y }: Room, columns: number) => ({
  background: "transparent",
  font,
  padding: 4,
  view: {
    stroke: "transparent",
    continuousWidth: x,
    continuousHeight: y,
    discreteWidth: x,
    discreteHeight: { step: 26 },
  },
  axis: {
    domainColor: line,
    tickColor: line,
    gridColor: grid,
    labelColor: muted,
    titleColor: ink,
    labelFontSize: 11,
    titleFontSize: fontSize,
    titleFontWeight: 500,
    titlePadding: 8,
    labelLimit: 220,
    labelOverlap: "greedy",
    labelSeparation: 8,
    tickCount: 6,
    tickSize: 4,
  },
  legend: {
    labelColor: ink,
    titleColor: muted,
    labelFontSize: fontSize,
    titleFontSize: 11,
    titleFontWeight: 500,
    symbolStrokeWidth: 2.5,
    labelLimit: 0,
    titleLimit: 0,
    orient: "bottom",
    direction: "horizontal",
    columns,
    columnPadding: 14,
    layout: { bottom: { anchor: "start", direction: "vertical", margin: 6 } },
  },
  header: {
    labelColor: ink,
    titleColor: muted,
    labelFontSize: fontSize,
    titleFontSize: 11,
    labelLimit: 0,
  },
  style: {
    // what no row draws, what joins rows, and what marks them
    reference: { color: ink, strokeWidth: 1.5 },
    pair: { color: line, strokeWidth: 1, opacity: 0.7 },
    marked: { filled: false, size: 120, strokeWidth: 2, opacity: 1 },
  },
  title: { color: ink },
  line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
  rule: { color: muted },
  text: { color: ink },
  range: { category: palette.map((each, i) => colour(`series-${i + 1}`, each)) },
})
