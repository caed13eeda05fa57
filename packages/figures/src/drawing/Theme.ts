/** The common theme of all figures, for Vega-Lite. Colours of the page, with fallbacks for standalone files. */

/** Okabe and Ito's palette for colour-blind readers, without its yellow, which is invisible on white. */
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"]

/** A custom property of the page, which follows its light or dark theme; the fallback is light. */
const colour = (name: string, fallback: string): string => `var(--${name}, ${fallback})`

const ink = colour("ink", "#1f2328")
const muted = colour("muted", "#59636e")
const grid = colour("grid", "#e4e7eb")
const line = colour("axis", "#9aa4af")

const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** Font sizes of legend labels and axis titles. */
export const fontSize = 14

/** Target of a figure, or its width in pixels: it keeps its size there, so that text stays readable. */
export type Screen = keyof typeof widths | number

/** Widths in pixels of a figure in an article, on a phone, and in a card. */
export const widths = { wide: 720, narrow: 312, card: 300 } as const

/** Width in pixels from which on panels are placed side by side. */
export const twoColumns = 520

/** Pixels for the axes of a panel, and for the legend below all panels. */
export interface Room {
  readonly x: number
  readonly y: number
  readonly whole: number
}

/** Pixels of the labels and title of a vertical axis of numbers. */
export const besideNumbers = 84

/** Room for the axes of one panel, or of each of several, beside the labels and title of a vertical axis. */
export const roomOf = (
  { beside, width }: { readonly beside: number; readonly width: number },
  isCard: boolean,
  hasPanels: boolean,
): Room => {
  const across = hasPanels && width >= twoColumns ? (width - beside - 24) / 2 : width - beside
  const up = isCard
    ? hasPanels
      ? 60
      : 84
    : Math.max(hasPanels ? 130 : 200, Math.min(hasPanels ? 190 : 330, across * 0.6))
  return { x: Math.floor(across), y: Math.round(up), whole: width - 8 }
}

/** `config` of a Vega-Lite specification, for panels of this size, with legends in columns. */
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
    labelFontSize: fontSize,
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
    titleFontSize: fontSize,
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
    titleFontSize: fontSize,
    labelLimit: 0,
  },
  style: {
    // what no row draws, what joins rows, and what marks them
    reference: { color: ink, strokeWidth: 1.5 },
    pair: { color: line, strokeWidth: 1, opacity: 0.7 },
    leaders: { strokeWidth: 1.5, strokeCap: "butt", opacity: 0.9 },
    "leaders-of-references": { color: ink, strokeWidth: 1, opacity: 0.6 },
    label: { align: "left", baseline: "middle", fontSize, color: ink },
    marked: { filled: false, size: 120, strokeWidth: 2, opacity: 1 },
  },
  title: { color: ink },
  line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
  rule: { color: muted },
  text: { color: ink },
  range: { category: palette.map((each, i) => colour(`series-${i + 1}`, each)) },
})
