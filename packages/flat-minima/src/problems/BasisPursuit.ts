/** The judge of "flat equals sparse": weighted basis pursuit as a linear program, solved by HiGHS. */
import { Effect, Schema } from "effect"
import highs from "highs"
import type { DiagonalNetwork } from "./DiagonalNetwork.ts"

/** The solver found no optimum. */
export class Unsolved extends Schema.TaggedError<Unsolved>()("Unsolved", {
  status: Schema.String,
}) {
  override get message(): string {
    return `the linear program of the flattest minimum was not solved: ${this.status}; check that the labels can be met`
  }
}

export interface BasisPursuit {
  /** The weights b with `A b = y` of least `sum_j c_j |b_j|`. */
  readonly weights: Float64Array
  /** That sum: the least trace of the Hessian over all minima of the network. */
  readonly trace: number
}

/** The package types its default export as that of a CommonJS module, and ships an ES module: here it is the loader itself. */
const load = highs as unknown as typeof highs.default

/** The program in the LP format: `b = p - q` with p, q at least 0. */
const program = ({ labels, matrix, traceWeights }: DiagonalNetwork): string => {
  const width = traceWeights.length
  const signed = (value: number, name: string) =>
    `${value < 0 ? "-" : "+"} ${Math.abs(value)} ${name}`
  const sum = (coefficient: (j: number) => number, difference: boolean) =>
    Array.from({ length: width }, (_, j) => {
      const c = coefficient(j)
      return `${signed(c, `p${j}`)} ${signed(difference ? -c : c, `q${j}`)}`
    }).join(" ")
  const rows = Array.from(
    labels,
    (label, i) => ` c${i}: ${sum((j) => matrix[i * width + j]!, true)} = ${label}`,
  )
  return `Minimize\n obj: ${sum((j) => traceWeights[j]!, false)}\nSubject To\n${rows.join("\n")}\nEnd\n`
}

/** Solves for the flattest minimum of the network. Fails with Unsolved. */
export const basisPursuit = Effect.fn("basisPursuit")(function* (
  network: DiagonalNetwork,
): Effect.fn.Return<BasisPursuit, Unsolved> {
  const solver = yield* Effect.promise(() => load())
  const solution = solver.solve(program(network))
  if (solution.Status !== "Optimal") return yield* new Unsolved({ status: solution.Status })
  const primal = (name: string): number => {
    const column: { readonly Primal?: number } | undefined = solution.Columns[name]
    return column?.Primal ?? 0
  }
  return {
    weights: Float64Array.from(network.traceWeights, (_, j) => primal(`p${j}`) - primal(`q${j}`)),
    trace: solution.ObjectiveValue,
  }
})
