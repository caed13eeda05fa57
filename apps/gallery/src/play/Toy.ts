/** Toy: an animated picture, computed while it runs. */
import type { Box, Plot } from "./Plot.ts"
import type { Point } from "./Point.ts"

/** Number that the reader sets. */
export interface Knob {
  readonly id: string
  readonly label: string
  readonly least: number
  readonly most: number
  /** Initial value. */
  readonly value: number
  /** True if equal distances are equal factors. */
  readonly isLog?: boolean
  /** True for integers. */
  readonly isInteger?: boolean
}

export type Values = Readonly<Record<string, number>>

/** Named settings, for a first look. */
export interface Preset {
  readonly label: string
  readonly values: Values
  readonly start?: Point
}

export interface Playing {
  /** Takes one step; false once nothing moves. */
  readonly advance: () => boolean
  /** Steps per frame at the usual speed. */
  readonly pace: number
  readonly draw: (plot: Plot) => void
  /** Draws a quantity against the steps so far, such as the loss. */
  readonly drawCurve?: (plot: Plot) => void
  /** Sentences that describe the state, from its numbers alone. */
  readonly tell: () => string
  /** Start, if it can be moved. */
  readonly start?: Point
}

export interface Toy {
  readonly id: string
  readonly title: string
  /** Two sentences that describe the picture. */
  readonly seen: string
  /** Suggestion to the reader: what to change and what to watch. */
  readonly tryThis: string
  /** Place of the theorem, and the address of a claim that states it. */
  readonly theorem: string
  readonly claim: string
  readonly knobs: ReadonlyArray<Knob>
  readonly presets: ReadonlyArray<Preset>
  /** Drawn region, if the start can be moved. */
  readonly box?: Box
  /** True if both axes of the region have the same unit. */
  readonly isEqual?: boolean
  /** Number of panels if more than two; on a narrow screen they are stacked. */
  readonly panels?: number
  /** Restarts from the start that the reader set, or from the usual one. */
  readonly begin: (values: Values, at?: Point) => Playing
}
