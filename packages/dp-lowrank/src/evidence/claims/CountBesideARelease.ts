import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import * as PrivateCount from "../../regression/PrivateCount.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { PrivateScatter, reveal, rounded } from "../../release/PrivateScatter.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

/** Person whose rows are all equal, or mutually orthogonal, with norms equal to the bound. */
const people = (rows = Draw.integer(1, 6), isSame = Draw.oneOf(true, false)) =>
  Draw.record({
    rows,
    isSame,
    others: Draw.integer(0, 20),
    epsilon: Draw.logarithmic(1, 1e-3),
    share: Draw.logarithmic(1, 0.01),
    exponent: Draw.integer(-20, 20),
    seed: Draw.seed(),
  })

type People = Draw.Drawn<ReturnType<typeof people>>

const dimension = 6

/** Sum of the rows and sum of as many ones, with and without the person's rows. */
const sumsOf = (
  { exponent, isSame, others, rows, seed }: People,
  isThere: boolean,
  { kernels }: { readonly kernels: Kernels },
) => {
  const bound = Public.bound(Elementary.powerOfTwo(exponent))
  const scatter = PrivateScatter.make({ dimension, bound, kernels })
  const rest = streamOf(seed, "others").normals(others * dimension)
  scatter.add(rest.map((x) => bound * x))
  const own = new Float64Array(rows * dimension)
  for (let k = 0; k < rows; k++) own[k * dimension + (isSame ? 0 : k)] = bound
  if (isThere) scatter.add(own)
  return {
    sum: reveal(scatter),
    count: reveal(PrivateCount.scatter(others + (isThere ? rows : 0), kernels)),
  }
}

/** The rows of a person that the noise is for, and the mu of a release with its count. */
type RowsAndMu = readonly [
  rows: (rows: number) => number,
  mu: (own: GridPlan.GridPlan, count: GridPlan.GridPlan) => number,
]

export const countBesideARelease = claim({
  id: "dp-lowrank/count-beside-a-release",
  statement:
    "If all rows of a person are added or removed, a release and the accompanying count together move by at most their joint mu, in units of their noise: mu^2 is additive.",
  inFloatingPoint: "functions",
  source: derived("composition of a release and a count"),
  instances: people(),
  value: [
    (rows) => rows,
    (own, counted) => PrivateCount.together(own, counted).privacy.mu,
  ] as RowsAndMu,
  margin: ({ instance, kernels, value: [rowsOf, muOf] }) => {
    const { epsilon, exponent, rows, share } = instance
    const bound = Public.bound(Elementary.powerOfTwo(exponent))
    const target = { epsilon, delta: 1e-9 }
    const mechanism = Mechanism.isotropic({
      ...target,
      neighbours: "add-remove",
      rowsPerPerson: rowsOf(rows),
      bound,
    })
    const own = GridPlan.make(mechanism, dimension)
    const counted = PrivateCount.plan({ ...target, epsilon: share * epsilon }, mechanism)
    const [there, gone] = [true, false].map((isThere) => sumsOf(instance, isThere, { kernels }))
    const stepsApart = (of: "sum" | "count", at: number, plan: GridPlan.GridPlan) =>
      rounded(there![of], at, plan.exponent) - rounded(gone![of], at, plan.exponent)
    let square = Elementary.square(stepsApart("count", 0, counted) / counted.diagonalSteps)
    for (let i = 0; i < dimension; i++) {
      for (let j = i; j < dimension; j++) {
        const scale = i === j ? own.diagonalSteps : own.offDiagonalSteps
        square += Elementary.square(stepsApart("sum", i * dimension + j, own) / scale)
      }
    }
    return Margin.atMost(Math.sqrt(square), muOf(own, counted), 1e-9)
  },
  controls: [
    {
      name: "the larger mu alone",
      value: [(rows) => rows, (own, counted) => Math.max(own.privacy.mu, counted.privacy.mu)],
      instances: people(Draw.integer(1, 6), Draw.oneOf(true)),
    },
    {
      name: "the noise for one row of a person who has several",
      value: [() => 1, (own, counted) => PrivateCount.together(own, counted).privacy.mu],
      instances: people(Draw.integer(2, 6)),
    },
  ],
})
