/** Tables of bounds next to computed worst cases: the common part of such experiments. */
import { Schema } from "effect"
import { Count } from "@nonconvex/problems/Fields"
import * as Figure from "@nonconvex/figures"

/** Relative tolerance of a solver against a bound. */
const rounding = 1e-5

/** Settings of the experiment. */
const Config = Schema.Struct({
  /** Numbers of steps, from 1. */
  steps: Count,
  /** Maximum number of steps for which the worst case is proved in fractions. */
  proved: Count,
})
type Config = typeof Config.Type

const presets = {
  smoke: { steps: 3, proved: 1 },
  fast: { steps: 5, proved: 3 },
  paper: { steps: 10, proved: 10 },
}

/** Columns that identify a row. */
const asked = { bound: Schema.String, steps: Schema.Int }

/** Columns of the results. */
const found = {
  printed: Schema.Number,
  worst: Schema.Number,
  /** Bound / worst case: 1 is tight. If the worst case is itself an upper bound, the smallest possible ratio. */
  ratio: Schema.Number,
  /** Statement proved in fractions; empty where none was requested. */
  proof: Schema.String,
}

/** A bound, by its name. */
export interface WorstCaseBound {
  readonly name: string
  /** Value of the bound after a number of steps. */
  readonly bound: (steps: number) => number
  /** Numbers of steps for which there is a bound, and a program that is not too large; default all. */
  readonly least?: number
  readonly most?: number
}

/** Each bound, after each of its numbers of steps. */
const casesOf =
  (bounds: ReadonlyArray<WorstCaseBound>) =>
  ({ steps: last }: Config) =>
    bounds.flatMap(({ least = 1, most = Infinity, name }) =>
      Array.from({ length: last }, (_, k) => ({ bound: name, steps: k + 1 })).filter(
        ({ steps }) => steps >= least && steps <= most,
      ),
    )

interface Compared {
  readonly bound: string
  readonly steps: number
  readonly worst: number
  readonly ratio: number
}

/** Figures of the named bounds: their ratios to the worst cases, and the worst cases themselves. */
const figures = (
  bounds: ReadonlyArray<string>,
  captions: { readonly ratio: string; readonly worst: string },
): ReadonlyArray<Figure.Figure> => {
  const along = (field: "ratio" | "worst", title: string, name: string) =>
    Figure.lines<Compared>({
      id: field,
      title,
      caption: captions[field],
      x: { field: "steps", title: "steps", scale: "integers" },
      y: { field, title: name, scale: "log" },
      where: { bound: bounds },
      series: { field: "bound", title: "bound" },
    })
  return [
    along("ratio", "Bound / worst case", "bound / worst case"),
    along("worst", "Worst cases", "worst case"),
  ]
}

/** Ratios of the named bounds to the worst cases. */
const ratiosIn =
  (rows: ReadonlyArray<Compared>) =>
  (...bounds: ReadonlyArray<string>): ReadonlyArray<number> =>
    rows.filter(({ bound }) => bounds.includes(bound)).map(({ ratio }) => ratio)

/** Ratio of each number to the previous one. */
const growth = (ratios: ReadonlyArray<number>): ReadonlyArray<number> =>
  ratios.slice(1).map((ratio, k) => ratio / ratios[k]!)

/** The settings, columns, cases and figures of an experiment that compares these bounds with worst cases, and readers of its rows. */
export const worstCaseTable = (bounds: ReadonlyArray<WorstCaseBound>) => ({
  config: Config,
  presets,
  asked,
  found,
  cases: casesOf(bounds),
  figures,
  ratiosIn,
  growth,
  rounding,
})
