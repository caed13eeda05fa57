/** Toy: a picture that moves while it is computed. */
import type { Box, Plot } from "./Plot.ts"
import type { Point } from "./Point.ts"

/** A number that the reader sets. */
export interface Knob {
  readonly id: string
  readonly label: string
  readonly least: number
  readonly most: number
  /** Initial value. */
  readonly value: number
  /** True if equal distances are equal factors. */
  readonly isLog?: boolean
}

export type Values = Readonly<Record<string, number>>

export interface Playing {
  /** Computes the next frame; false once nothing moves. */
  readonly advance: () => boolean
  readonly draw: (plot: Plot) => void
  /** Sentence that describes the picture. */
  readonly tell: () => string
  /** Start, for a toy whose start can be moved. */
  readonly start?: Point
}

export interface Toy {
  readonly id: string
  readonly title: string
  /** Two sentences that describe the picture. */
  readonly seen: string
  /** Place of the theorem, and the address of a claim that states it. */
  readonly theorem: string
  readonly claim: string
  readonly knobs: ReadonlyArray<Knob>
  /** Drawn region, for a toy whose start can be moved. */
  readonly box?: Box
  /** Number of panels, if more than two: on a narrow screen they stand below each other. */
  readonly panels?: number
  /** Begins again, from a start where the reader put it or from the usual one. */
  readonly begin: (values: Values, at?: Point) => Playing
}
