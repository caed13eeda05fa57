/** Methods that are written once and used with several parameters. */
import type { Method } from "../../src/index.ts"
import type { FunctionClass, Instruction, Measure } from "../../src/method/Method.ts"

export const unit: Method["given"] = [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }]

export const apart: Measure = { squaredDistance: ["x", "x*"] }

/** The given number of steps in order, each made from its number. */
export const unrolled = (
  count: number,
  step: (k: number) => ReadonlyArray<Instruction>,
): ReadonlyArray<Instruction> => Array.from({ length: count }, (_, k) => step(k)).flat()

/** Measures of x at the start and after each step. */
export const everyStep = (
  steps: number,
  measure: (point: string) => Measure,
): Method["measure"] => ({
  least: Array.from({ length: steps + 1 }, (_, k) => measure(`x@${k}`)),
})

/** A method of one function, started within distance 1 of its optimum. */
export const of = (
  f: FunctionClass,
  steps: ReadonlyArray<Instruction>,
  measure: Method["measure"],
  more: Partial<Method> = {},
): Method => ({ functions: { f }, start: ["x"], steps, given: unit, measure, ...more })

/** Two runs of a splitting from starts within distance 1. */
export const contraction = (
  functions: Method["functions"],
  steps: ReadonlyArray<Instruction>,
  optimum: "zero" | "none" = "none",
): Method => ({
  functions,
  start: ["w"],
  optimum,
  runs: 2,
  starts: "own",
  steps,
  given: [{ bound: { squaredDistance: ["w@0", "w'@0"] }, atMost: 1 }],
  measure: { deviation: "w" },
})
