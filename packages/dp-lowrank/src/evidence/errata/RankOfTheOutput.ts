/** The rank of the output of Algorithm 1 at d = 2 and k = 1. */
import { erratum, Exact } from "@nonconvex/evidence"
import { complexed } from "../support/Complexed.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { rankMargin } from "../support/RealPartRank.ts"

const { toText } = Exact

/** The eigenvalues of [[m, -ic], [ic, n]], the larger one first, in exact values. */
const eigenvalues = (m: Exact.Value, n: Exact.Value, c: Exact.Value) => {
  const half = (x: Exact.Value) => Exact.divide(x, Exact.of(2))
  const radius = Exact.sqrt(Exact.add(Exact.square(half(Exact.subtract(m, n))), Exact.square(c)))
  const middle = half(Exact.add(m, n))
  return [Exact.add(middle, radius), Exact.subtract(middle, radius)] as const
}

/** v = (1, i) / sqrt 2: the identity is the real part of 2 v v^*. */
const rankCounterexample = Exact.counterexample<"m" | "n" | "c", "k" | "2k">({
  instance: { m: "1", n: "1", c: "1" },
  printed: "k",
  work: ({ c, m, n }, most) => {
    const [top, other] = eigenvalues(m, n, c)
    // top (M-hat - other I) / (top - other) is what Algorithm 1 keeps: it has the eigenvalues top and 0, with the vectors of M-hat
    const scale = Exact.divide(top, Exact.subtract(top, other))
    const [y11, y22] = [m, n].map((x) => Exact.multiply(scale, Exact.subtract(x, other)))
    const determinant = Exact.multiply(y11!, y22!)
    const isRegular = Math.abs(Exact.compare(determinant, Exact.zero) ?? 0) === 1
    const rank = isRegular ? 2 : 1
    return {
      steps: [
        "M = diag(m, 0), to which noise adds n in the lower corner and the imaginary antisymmetric [[0, -c], [c, 0]]",
        `M-hat = [[m, -i c], [i c, n]] has the eigenvalues ${toText(top)} and ${toText(other)}`,
        `Y = Re(M-hat_1) = diag(${toText(y11!)}, ${toText(y22!)}), whose determinant is ${toText(determinant)}: its rank is ${rank}, for k = 1`,
      ],
      compared: Exact.atMost(Exact.of(rank), Exact.of(most === "k" ? 1 : 2)),
    }
  },
  controls: [
    ["a rank of at most 2k", { statement: "2k" }],
    ["no imaginary noise", { instance: { n: "1/2", c: "0" } }],
  ],
})

export const rankOfTheOutput = erratum({
  id: "dp-lowrank/rank-of-the-output",
  statement: "The output Y = Re(V S_k V^*) of Algorithm 1 has rank at most k.",
  source: printed("Theorem 1 and its proof"),
  class: "theorem false",
  read: at("Theorem 1 and its proof"),
  instances: complexed(),
  margin: ({ instance, kernels }) => rankMargin(instance, { kernels }),
  exact: rankCounterexample,
  corrected: "dp-lowrank/rank-of-the-real-part",
  explanation:
    "Re(v v^*) for v = (1, i) / sqrt 2 is I / 2, of rank 2; Y has rank 2k. Its own top k has rank k and is as close to M_k.",
})
