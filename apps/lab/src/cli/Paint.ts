/** Colours text on a terminal that supports colour, and leaves it unchanged elsewhere. */
import { Effect } from "effect"
import { TerminalCapabilities } from "effect/cli"

const sgr = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`

const plain = (text: string): string => text

/** Blue, yellow, green, magenta, cyan and red: as far apart as a terminal has them. */
const series = [34, 33, 32, 35, 36, 31]

export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly dim: (text: string) => string
  /** Distinguishes curves by their index; absent without colours. */
  readonly curve?: (index: number, text: string) => string
}

const coloured: Paint = {
  good: sgr(32),
  bad: sgr(31),
  dim: sgr(2),
  curve: (index, text) => sgr(series[index % series.length]!)(text),
}
const uncoloured: Paint = { good: plain, bad: plain, dim: plain }

/** The paint of standard output. */
export const paint: Effect.Effect<Paint> = Effect.map(
  TerminalCapabilities.TerminalCapabilities,
  ({ canColor }) => (canColor ? coloured : uncoloured),
)
