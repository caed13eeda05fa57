/** What `solve` found. */
import type { SolveAnswer } from "@nonconvex/reproducible-minimax/evidence"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import { createHash } from "node:crypto"
import * as Table from "../../cli/TextTable.ts"
import type { Loaded } from "./SolveInput.ts"

const Coordinate = Schema.Struct({ name: Schema.String, value: Schema.Number })

/** What `solve --json` prints. `published` depends on the file, the tolerances and the seed alone; `run` on this machine too. */
export const SolveReport = Schema.Struct({
  problem: Schema.String,
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
    algorithm: Schema.Literals(["regularised", "proximal"]),
    regularisation: Schema.Number,
    products: Schema.String,
    kernels: KernelsName,
    /** Gap of the answer before it was rounded. */
    gap: Schema.Number,
    /** Bound on the distance to the point that every machine aims at. */
    distance: Schema.Number,
    /** Bound on the distance to the answer of any other certified run. */
    deviation: Schema.Number,
    error: Schema.Number,
    allowedError: Schema.Number,
    /** The largest difference to exact products that was seen, of those that are bounded by `error`. */
    measuredError: Schema.Number,
    steps: Schema.Int,
    evaluations: Schema.Int,
    failure: Schema.Number,
    certain: Schema.Boolean,
  }),
  next: Schema.String,
})
export type SolveReport = typeof SolveReport.Type

interface Found {
  readonly loaded: Loaded
  readonly answer: SolveAnswer
  readonly failure: number
  readonly products: string
  readonly kernels: KernelsName
}

/** The report of a solve; gaps and values are computed in float64 from the published bytes. */
export const make = ({ answer, failure, kernels, loaded, products }: Found): SolveReport => {
  const { certified, measuredError, plan, published } = answer
  let at = 0
  return {
    problem: loaded.description,
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
      gap: certified.gap,
      distance: certified.distance,
      deviation: certified.deviation,
      error: certified.error,
      allowedError: plan.allowedError,
      measuredError,
      steps: certified.steps,
      evaluations: certified.evaluations,
      failure: published.failure,
      certain: published.certain,
    },
    next: "publish the fingerprint with the strategies: whoever solves this file compares it",
  }
}

/** As many coordinates as a screen holds. */
const shown = 12

const list = (coordinates: SolveReport["published"]["blocks"][number]["coordinates"]): string => {
  const used = coordinates.filter(({ value }) => value !== 0)
  const line = used
    .slice(0, shown)
    .map(({ name, value }) => `${name} ${Number(value.toPrecision(6))}`)
    .join(", ")
  return used.length > shown ? `${line} and ${used.length - shown} more (--json lists all)` : line
}

export const render = ({ asked, next, problem, published, run }: SolveReport): string =>
  [
    problem,
    `value          between ${Number(published.value.least.toPrecision(6))} and ${Number(published.value.most.toPrecision(6))}`,
    ...published.blocks.map(({ coordinates, title }) => `${title.padEnd(14)} ${list(coordinates)}`),
    `gap            ${Table.margin(published.gap)} as published, ${Table.margin(run.gap)} before rounding, ${Table.margin(asked.gap)} asked`,
    `certificate    within ${Table.margin(run.distance)} of the point that every machine aims at; within ${Table.margin(run.deviation)} of every other certified run`,
    `oracle         ${run.products} products, off by at most ${Table.margin(run.error)} (seen ${Table.margin(run.measuredError)}) where ${Table.margin(run.allowedError)} is allowed`,
    `method         ${run.algorithm === "regularised" ? "one regularised problem" : "proximal steps"}, r = ${Table.margin(run.regularisation)}, ${run.steps} steps`,
    `agreement      ${run.certain ? "certain: no certified run publishes other bits" : `another certified run publishes other bits with probability ${Table.margin(run.failure)} at most`}`,
    `fingerprint    ${published.fingerprint}`,
    `next           ${next}`,
  ].join("\n")
