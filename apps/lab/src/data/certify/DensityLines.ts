/** The spectral density as lines of text: the share of the eigenvalues in each decade. */
import * as Elementary from "@nonconvex/numerics/Elementary"

interface Node {
  readonly eigenvalue: number
  readonly weight: number
}

/** Relative size below which eigenvalues belong to the bar around 0. */
const decades = 5

const widest = 30

interface Bar {
  readonly label: string
  readonly share: number
}

const bar = (label: string, share: number): Bar => ({ label, share })

const exponentLabel = (exponent: number): string => `1e${exponent}`

/** From the largest decade down to the one around 0, then the negative ones; empty decades are omitted. */
const bars = (density: ReadonlyArray<Node>): ReadonlyArray<Bar> => {
  const largest = density.reduce((max, { eigenvalue }) => Math.max(max, Math.abs(eigenvalue)), 0)
  if (largest === 0) return [bar("0", 1)]
  const top = Math.ceil(Elementary.log10(largest))
  const bottom = top - decades
  const share = (inside: (eigenvalue: number) => boolean): number =>
    density.reduce((sum, { eigenvalue, weight }) => sum + (inside(eigenvalue) ? weight : 0), 0)
  const between = (low: number, sign: number): Bar => {
    const [from, to] = [exponentLabel(low), exponentLabel(low + 1)]
    return bar(
      sign > 0 ? `${from} to ${to}` : `-${to} to -${from}`,
      share((x) => sign * x > Elementary.pow(10, low) && sign * x <= Elementary.pow(10, low + 1)),
    )
  }
  const exponents = Array.from({ length: decades }, (_, k) => top - 1 - k)
  return [
    ...exponents.map((low) => between(low, 1)),
    bar(
      `within ${exponentLabel(bottom)}`,
      share((x) => Math.abs(x) <= Elementary.pow(10, bottom)),
    ),
    ...exponents.toReversed().map((low) => between(low, -1)),
  ].filter(({ share: part }) => part > 0)
}

/** One line per decade: its range, its share, and a bar of that length. */
export const render = (density: ReadonlyArray<Node>): ReadonlyArray<string> => {
  const all = bars(density)
  const width = Math.max(...all.map(({ label }) => label.length))
  const most = Math.max(...all.map(({ share }) => share))
  return all.map(({ label, share }) => {
    const percent = `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`.padStart(7)
    const length = Math.round((widest * share) / most)
    return `${label.padStart(width)}  ${percent}  ${"#".repeat(Math.max(1, length))}`
  })
}
