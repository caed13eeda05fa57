import { textWidth } from "./Layout.ts"

interface Metrics {
  width: (
    item: { readonly fontSize?: number; readonly limit?: number },
    text: string | number | null | undefined,
  ) => number
}

/**
 * Makes Vega measure text by its letters. Without a canvas, Vega takes each letter to be as wide as the widest, and truncates or
 * spreads text needlessly.
 */
export const withTextWidths = <Vega>(vega: Vega): Vega => {
  const { textMetrics } = vega as unknown as { readonly textMetrics: Metrics }
  textMetrics.width = ({ fontSize = 11, limit = 0 }, text) => {
    const width = textWidth(`${text ?? ""}`, fontSize)
    return limit > 0 ? Math.min(limit, width) : width
  }
  return vega
}
