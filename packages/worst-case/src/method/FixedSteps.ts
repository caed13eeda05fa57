/** Methods with a fixed number of steps. */
import type { FunctionClass, Instruction, Method } from "./Method.ts"

/** Common options of all methods. */
export interface Request {
  /** Number of steps. */
  readonly steps: number
  readonly rate: number | string
  /** Class of the function or operator f. */
  readonly class: FunctionClass
  /** Measure; default the gap at the last x. */
  readonly measure?: Method["measure"]
}

/** The start is within distance 1 of the optimum. */
const unitDistance: Method["given"] = [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }]

/** A method with fixed steps, which starts at x within distance 1 of an optimum. */
export const method = (
  name: string,
  { class: of, measure = { gap: "x" } }: Request,
  steps: ReadonlyArray<Instruction>,
): Method => ({ name, functions: { f: of }, start: ["x"], steps, given: unitDistance, measure })

/** Steps repeated `count` times; none for 0. */
export const repeat = (
  count: number,
  ...steps: ReadonlyArray<Exclude<Instruction, { repeat: number }>>
) => (count === 0 ? [] : [{ repeat: count, steps }])
