/** What can be played with: a picture that moves while it is computed. */
import type { Box, Plot } from "./Plot.ts"
import type { Point } from "./Point.ts"

/** A number that the reader sets. */
export interface Knob {
  readonly id: string
  readonly label: string
  readonly least: number
  readonly most: number
  /** Where it stands at first. */
  readonly value: number
  /** Whether equal ways are equal factors. */
  readonly isLog?: boolean
}

export type Values = Readonly<Record<string, number>>

export interface Playing {
  /** Computes what one frame more shows; false where nothing more will move. */
  readonly advance: () => boolean
  readonly draw: (plot: Plot) => void
  /** What the picture shows, in a sentence. */
  readonly tell: () => string
  /** Where it began, of a toy whose start can be moved. */
  readonly start?: Point
}

export interface Toy {
  readonly id: string
  readonly title: string
  /** What is seen, in two sentences. */
  readonly seen: string
  /** Where it is stated, and the address of a claim that says it. */
  readonly theorem: string
  readonly claim: string
  readonly knobs: ReadonlyArray<Knob>
  /** What is drawn, of a toy whose start can be moved. */
  readonly box?: Box
  /** How many pictures it has, if more than two: on a narrow screen they stand below each other. */
  readonly panels?: number
  /** Begins again, from a start where the reader put it or from the usual one. */
  readonly begin: (values: Values, at?: Point) => Playing
}
