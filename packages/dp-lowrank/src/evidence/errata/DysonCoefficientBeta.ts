/** The coefficient of the drift at d = 2: the mean of gap^2 from the matrix, and from the equation. */
import { erratum, Exact } from "@nonconvex/evidence"
import { gapSquareMargin, type TwoByTwo, twoByTwo } from "../support/DysonGap.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"

const { toText } = Exact

/** All lists of `count` signs. */
const signs = (count: number): ReadonlyArray<ReadonlyArray<1 | -1>> =>
  Array.from({ length: 1 << count }, (_, k) =>
    Array.from({ length: count }, (_unused, i) => ((k >> i) & 1 ? 1 : -1)),
  )

const mean = (values: ReadonlyArray<Exact.Value>): Exact.Value =>
  Exact.divide(Exact.sum(...values), Exact.of(values.length))

/**
 * Replaces normals by signs with the same variances, since means of squares depend only on the variances. E gap^2 of diag(m,
 * 0) + B and the variance of B_11 - B_22, for B = W + W^*. Its parts Re W_11, Re W_22, Re W_12, Re W_21, Im W_12, Im W_21
 * have variance T.
 */
const meansOf = (m: Exact.Value, variance: Exact.Value, beta: number) => {
  const root = Exact.sqrt(variance)
  const all = signs(beta === 1 ? 4 : 6).map((each) => {
    const part = (factor: number) => Exact.multiply(Exact.of(factor), root)
    const [a, b, c, d, e = 0, f = 0] = each
    const [difference, re, im] = [part(2 * a! - 2 * b!), part(c! + d!), part(e - f)]
    const square = Exact.add(Exact.square(re), Exact.square(im))
    return {
      gap: Exact.add(Exact.square(Exact.add(m, difference)), Exact.multiply(Exact.of(4), square)),
      diagonal: Exact.square(difference),
    }
  })
  return {
    gap: mean(all.map(({ gap }) => gap)),
    diagonal: mean(all.map(({ diagonal }) => diagonal)),
  }
}

interface Numbers {
  readonly m: Exact.Value
  readonly T: Exact.Value
  readonly beta: 1 | 2
}

/** E gap^2 of the matrix, and m^2 + 4 c T + Var(B_11 - B_22) from the equation with coefficient c, a multiple of beta. */
const compared = ({ T, beta, m }: Numbers, multiple: number) => {
  const { diagonal, gap } = meansOf(m, T, beta)
  const drift = Exact.product(Exact.of(4 * multiple * beta), T)
  return { diagonal, gap, said: Exact.sum(Exact.square(m), drift, diagonal) }
}

/** Comparison of the margin in exact values. */
const exactDyson = ({ beta, m, variance }: TwoByTwo): Exact.Compared => {
  const { gap, said } = compared({ m: Exact.of(m), T: Exact.of(variance), beta }, 1)
  return Exact.equal(gap, said)
}

/** Two equal eigenvalues of a real matrix: E gap^2 is 16 at time 1, and not 12. */
const dysonCounterexample = Exact.counterexample<"m" | "T" | "beta", number>({
  instance: { m: "0", T: "1", beta: "1" },
  printed: 1,
  work: ({ T, beta, m }, multiple) => {
    const isReal = Exact.compare(beta, Exact.one) === 0
    const { diagonal, gap, said } = compared({ m, T, beta: isReal ? 1 : 2 }, multiple)
    return {
      steps: [
        `B = W + W^T at d = 2 has B_11 - B_22 of variance ${toText(diagonal)}, and the gap of diag(m, 0) + B has gap^2 = (m + B_11 - B_22)^2 + 4 |B_12|^2`,
        `whose mean over the ${isReal ? 16 : 64} choices of signs for the entries of W, as over normals, is ${toText(gap)}`,
        `by Ito's formula the equation with coefficient c has E gap^2 = m^2 + 4 c T + 8 T, which for c = beta is ${toText(said)}`,
      ],
      compared: Exact.equal(gap, said),
    }
  },
  controls: [
    ["the coefficient 2 beta", { statement: 2 }],
    ["2 beta for complex matrices", { statement: 2, instance: { beta: "2", m: "3" } }],
    ["no time", { instance: { T: "0" } }],
  ],
})

export const dysonCoefficientBeta = erratum({
  id: "dp-lowrank/dyson-coefficient-beta",
  statement:
    "With B(t) = W + W^*, whose diagonal has variance 4 t, the eigenvalues follow d g_i = dB_ii + beta sum dt / (g_i - g_j).",
  source: printed("equation (4)"),
  class: "slip",
  read: at("equation (4)"),
  instances: twoByTwo,
  margin: ({ instance }) => gapSquareMargin(instance, instance.beta),
  exactly: ({ instance }) => exactDyson(instance),
  exact: dysonCounterexample,
  corrected: "dp-lowrank/dyson-coefficient",
  explanation:
    "At d = 2 the matrix has E gap^2 = m^2 + 8 (beta + 1) T, and the equation m^2 + (8 + 4 c) T: c is 2 beta. With c = beta real eigenvalues would collide.",
})
