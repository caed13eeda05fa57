/** The command `solve` on square payoff matrices, against linear programs. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { equilibrium, exactEquilibrium, toNumber } from "@nonconvex/reproducible-minimax"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Workload } from "../../src/Workload.ts"
import { compiled } from "../numerics/Compiled.ts"

/** Payoffs to the row player, by their number in the parameters; the Python side makes the same. */
const kinds: ReadonlyArray<readonly [name: string, payoffs: (n: number) => Float64Array]> = [
  [
    "bell-shaped",
    (n) => {
      const [a, b, c, d] = [1, 2, 3, 4].map((salt) => numbers(n * n, salt))
      return a!.map((x, k) => x + b![k]! + (c![k]! + d![k]!))
    },
  ],
  ["uniform", (n) => numbers(n * n, 5)],
  ["whole from -5 to 5", (n) => numbers(n * n, 6).map((x) => Math.floor(11 * (x + 0.5)) - 5)],
  [
    // who fires first, at distances i / n and j / n, wins as often as he is near, and a miss is not heard
    "a silent duel",
    (n) =>
      Float64Array.from({ length: n * n }, (_, k) => {
        const [i, j] = [Math.floor(k / n), k % n]
        const [x, y] = [(i + 1) / n, (j + 1) / n]
        return i === j ? 0 : x - y + (i < j ? x * y : -(x * y))
      }),
  ],
]

const ours =
  (kernels: Kernels.Kernels) =>
  ({ kind, n }: Parameters) => {
    const payoffs = kinds[kind!]![1](n!)
    const range =
      payoffs.reduce((a, b) => Math.max(a, b)) - payoffs.reduce((a, b) => Math.min(a, b))
    let figures: ReadonlyArray<number> = []
    return {
      run: () => {
        const { gap, value } = equilibrium({ payoffs, columns: n!, seed: Seed.root(1), kernels })
        figures = [(value.least + value.most) / 2, gap / range]
      },
      result: () => figures,
    }
  }

/** The value as a fraction, whose gap is 0; not of the largest, whose fractions of 10,000 digits take half a minute a run. */
const exactly = ({ kind, n }: Parameters) => {
  if (n! > 300) return undefined
  const payoffs = kinds[kind!]![1](n!)
  let value = Number.NaN
  return {
    run: () => {
      const found = exactEquilibrium({ payoffs, columns: n! })
      value = "isOnly" in found ? toNumber(found.least) : Number.NaN
    },
    result: () => [value, 0],
  }
}

const cases = [30, 100, 300, 1000].flatMap((n) =>
  kinds.flatMap(([name], kind) =>
    n === 1000 && kind > 0
      ? []
      : [
          {
            name: `game ${n} x ${n}, ${name}`,
            parameters: { n, kind },
            family: { work: `game, ${name}`, by: "strategies", size: n },
            // a linear program takes a minute and more
            ...(n === 1000 && { isLong: true as const }),
            figures: ["value", "gap over range"],
          },
        ],
  ),
)

const native = compiled(ours)

export const workload: Workload = {
  ...native,
  cases,
  implementations: [
    { name: "solve", own: true, prepare: ours(Kernels.strict()) },
    ...native.implementations,
    { name: "solve --exact", own: true, prepare: exactly },
  ],
}
