/** Report of `solve`. */
import type { WrittenColumn } from "@nonconvex/datasets/TableFile"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { solve } from "@nonconvex/reproducible-minimax/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import { createHash } from "node:crypto"
import * as Table from "../../cli/TextTable.ts"
import type { Loaded } from "./SolveInput.ts"

const Coordinate = Schema.Struct({ name: Schema.String, value: Schema.Number })

/** JSON of `solve`. `published` depends only on the file, the tolerances and the seed; `run` also on this machine. */
export const SolveReport = Schema.Struct({
  problem: Schema.String,
  /** Shape of the table, and the interpretation of its first line and column. */
  read: Schema.Struct({
    rows: Schema.Int,
    columns: Schema.Int,
    header: Schema.Boolean,
    rowNames: Schema.Boolean,
  }),
  asked: Schema.Struct({
    gap: Schema.Number,
    deviation: Schema.Number,
    failure: Schema.Number,
  }),
  published: Schema.Struct({
    blocks: Schema.Array(
      Schema.Struct({ title: Schema.String, coordinates: Schema.Array(Coordinate) }),
    ),
    width: Schema.Number,
    /** The value of the game, or the minimum, is between these. */
    value: Schema.Struct({ least: Schema.Number, most: Schema.Number }),
    gap: Schema.Number,
    /** SHA-256 of the bytes of the point. */
    fingerprint: Schema.String,
  }),
  run: Schema.Struct({
    /**
     * `equilibrium` or `minimiser`: at the only one, to the last digits. `nearby`: at the regularised point, to the last digits.
     * `constant`: every point is a minimiser. The others are the paper's.
     */
    algorithm: Schema.Literals([
      "regularised",
      "proximal",
      "equilibrium",
      "minimiser",
      "nearby",
      "constant",
    ]),
    /** Strength of the regularisation; 0 without. */
    regularisation: Schema.Number,
    products: Schema.String,
    kernels: KernelsName,
    /** Gap of the answer before rounding. */
    gap: Schema.Number,
    /** Bound on the distance to the point that every machine aims at. */
    distance: Schema.Number,
    /** Bound on the distance to the answer of any other certified run. */
    deviation: Schema.Number,
    /** Error of the products that an algorithm of the paper assumes; absent for the others. */
    error: Schema.optionalKey(Schema.Number),
    allowedError: Schema.optionalKey(Schema.Number),
    /** Largest observed difference from exact products, of those bounded by `error`. */
    measuredError: Schema.optionalKey(Schema.Number),
    steps: Schema.Int,
    evaluations: Schema.optionalKey(Schema.Int),
    failure: Schema.Number,
    certain: Schema.Boolean,
  }),
  next: Schema.String,
})
export type SolveReport = typeof SolveReport.Type

interface Found {
  readonly loaded: Loaded
  readonly answer: ReturnType<typeof solve>
  readonly failure: number
  readonly products: string
  readonly kernels: KernelsName
}

/** The report of a solve; gaps and values are computed in float64 from the published bytes. */
export const make = ({ answer, failure, kernels, loaded, products }: Found): SolveReport => {
  const { certified, measuredError, plan, published } = answer
  const { allowedError } = plan
  const { point: _, ...certificate } = certified
  let at = 0
  return {
    problem: loaded.description,
    read: loaded.read,
    asked: { gap: plan.gap, deviation: plan.deviation, failure },
    published: {
      blocks: loaded.blocks.map(({ names, title }) => ({
        title,
        coordinates: names.map((name) => ({ name, value: published.point[at++]! })),
      })),
      width: published.width,
      value: published.value,
      gap: published.gap,
      fingerprint: createHash("sha256")
        .update(
          new Uint8Array(
            published.point.buffer,
            published.point.byteOffset,
            published.point.byteLength,
          ),
        )
        .digest("hex"),
    },
    run: {
      algorithm: plan.algorithm,
      regularisation: plan.strength,
      products,
      kernels,
      ...certificate,
      ...(allowedError !== undefined && { allowedError }),
      ...(measuredError !== undefined && { measuredError }),
      failure: published.failure,
      certain: published.certain,
    },
    next: `publish the fingerprint with the strategies, so that others can compare it with theirs${
      plan.algorithm === "nearby" && loaded.problem._tag === "MatrixGame"
        ? "; --exact gives an equilibrium itself, in fractions"
        : ""
    }`,
  }
}

/** All coordinates, in a row each. */
export const table = ({ published: { blocks } }: SolveReport): ReadonlyArray<WrittenColumn> => {
  const all = blocks.flatMap(({ coordinates, title }) =>
    coordinates.map(({ name, value }) => ({ title, name, value })),
  )
  const names = all.map(({ name }) => name)
  const values = Float64Array.from(all, ({ value }) => value)
  return blocks.length === 1
    ? [
        { name: "name", values: names },
        { name: "value", values },
      ]
    : [
        { name: "player", values: all.map(({ title }) => title) },
        { name: "strategy", values: names },
        { name: "probability", values },
      ]
}

/** Maximum number of coordinates on a screen. */
const shown = 12

/** Strategies that are played, or all coordinates; the largest first if there are more than the screen holds. */
const list = (
  { coordinates, title }: SolveReport["published"]["blocks"][number],
  { published: { width }, run }: SolveReport,
): string => {
  const isGame = title !== "minimiser"
  const used = isGame ? coordinates.filter(({ value }) => value > width) : coordinates
  const size = ({ value }: { readonly value: number }) => Math.abs(value)
  const first = used.length > shown ? used.toSorted((a, b) => size(b) - size(a)) : used
  // more digits than four tell of the regularisation
  const digits = run.algorithm === "nearby" ? 4 : 6
  const line = first
    .slice(0, shown)
    .map(({ name, value }) =>
      // a coordinate below the width of the grid may be nothing but its shift
      size({ value }) <= width ? `${name} 0` : `${name} ${Number(value.toPrecision(digits))}`,
    )
    .join(", ")
  const rest = used.length - shown
  const more = rest > 0 ? ` and ${Table.count(rest)} more (all with --save or --json)` : ""
  const none = isGame ? coordinates.length - used.length : 0
  return `${line}${more}${none > 0 ? `; ${Table.count(none)} not played` : ""}`
}

/** The value to the digits that its bounds agree on, and the bounds. */
const between = ({ least, most }: SolveReport["published"]["value"]): string => {
  const [middle, off] = [least / 2 + most / 2, most / 2 - least / 2]
  const digits = off > 0 ? Elementary.log10(Math.max(Math.abs(middle), off) / off) : 15
  const show = (value: number, more: number) =>
    Number(value.toPrecision(Math.min(15, Math.max(1, Math.ceil(digits + more)))))
  const value = Math.abs(middle) <= off ? 0 : show(middle, 0)
  return `${value} (between ${show(least, 2)} and ${show(most, 2)})`
}

/** Describes the interpretation of the file, and the flags that change it. */
export const reading = ({ columns, header, rowNames, rows }: SolveReport["read"], kind: string) => {
  const flags = `${header ? "--no-header" : "--header"}, ${rowNames ? "--no-row-names" : "--row-names"}`
  return `as a ${rows} x ${columns} ${kind}, ${header ? "a" : "no"} header, ${rowNames ? "row" : "no row"} names; to change this, use ${flags}`
}

/** Common target of all machines, and the path of this run to it. */
const aims: Readonly<
  Record<SolveReport["run"]["algorithm"], (run: SolveReport["run"]) => readonly [string, string]>
> = {
  equilibrium: ({ steps }) => [
    ": the only equilibrium, as proved",
    `an interior-point method finds the played strategies in ${steps} steps; then their equations are solved to full precision`,
  ],
  minimiser: () => [
    ": the only minimiser",
    "the equations of the minimiser, solved to full precision",
  ],
  nearby: ({ regularisation, steps }) => [
    `: there may be several solutions, and this is the one point near them that a small regularisation selects (r = ${Table.margin(regularisation)})`,
    steps > 1 ? `a regularised interior-point method, ${steps} steps` : "the regularised equations",
  ],
  constant: () => [": every point of the ball is a minimiser", "none: the objective is constant"],
  regularised: ({ deviation, regularisation, steps }) => [
    `; within ${Table.margin(deviation)} of every other certified run`,
    `one regularised problem, r = ${Table.margin(regularisation)}, ${steps} steps`,
  ],
  proximal: ({ deviation, regularisation, steps }) => [
    `; within ${Table.margin(deviation)} of every other certified run`,
    `proximal steps, r = ${Table.margin(regularisation)}, ${steps} steps`,
  ],
}

export const render = (report: SolveReport): string => {
  const { asked, next, problem, published, run } = report
  const isGame = published.blocks.length === 2
  const [aim, method] = aims[run.algorithm](run)
  const { error, measuredError = 0 } = run
  return [
    problem,
    `read           ${reading(report.read, isGame ? "game" : "table")}`,
    `value          ${between(published.value)}`,
    ...published.blocks.map((block) => `${block.title.padEnd(14)} ${list(block, report)}`),
    `gap            ${Table.margin(published.gap)} as published, ${Table.margin(run.gap)} before rounding${error === undefined ? "" : `, ${Table.margin(asked.gap)} requested`}: ${isGame ? "no player gains more by another strategy" : "above the minimum"}`,
    `certificate    within ${Table.margin(run.distance)} of the point common to all machines${aim}`,
    ...(error === undefined
      ? []
      : [
          `oracle         ${run.products} products, with errors of at most ${Table.margin(error)} (measured ${Table.margin(measuredError)}), where ${Table.margin(run.allowedError!)} is allowed`,
        ]),
    `method         ${method}`,
    `rounding       to a grid of ${Table.margin(published.width)}, shifted by the seed: ${run.certain ? "certain, every certified run publishes the same bits" : `another certified run publishes different bits with probability at most ${Table.margin(run.failure)}`}`,
    `fingerprint    ${published.fingerprint}`,
    `next           ${next}`,
  ].join("\n")
}
