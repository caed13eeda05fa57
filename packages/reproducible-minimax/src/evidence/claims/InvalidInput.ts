import { claim, Draw, Margin } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { minimisation, saddlePoint } from "../../problem/Problem.ts"
import { BelowNoise } from "../../solve/Failures.ts"
import { printed } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"
import { thrown } from "../support/Thrown.ts"

const invalidFields = {
  field: Draw.oneOf("gap", "distance", "delta", "smoothness"),
  value: Draw.oneOf("zero", "negative", "not a number", "infinite"),
  algorithm: Draw.oneOf("minimisation", "minimax"),
}

type Invalid = Drawn<typeof invalidFields>

const values = { zero: 0, negative: -1, "not a number": Number.NaN, infinite: Infinity }

export const invalidInput = claim({
  id: "reproducible-minimax/invalid-input",
  statement:
    "A gap, distance, delta or smoothness that is not positive and finite is refused with a typed error before anything is computed.",
  inFloatingPoint: "program",
  source: printed("the assumptions of Theorems 3.5 and 4.6"),
  instances: Draw.record(invalidFields),
  value: (name: Invalid["value"]) => values[name],
  margin: ({ instance, kernels, value }) => {
    const bad = value(instance.value)
    const request = { gap: 0.1, distance: 1, inexact: "gradient", delta: 1e-3 } as const
    const line = minimisation(quadratic({ spectrum: [1] }))
    const matrix = Float64Array.of(1, -1, -1, 1)
    const pennies = saddlePoint(matrixGame({ matrix, columns: 2, kernels }))
    const base = instance.algorithm === "minimisation" ? line : pennies
    const problem = instance.field === "smoothness" ? { ...base, smoothness: bad } : base
    const changed =
      instance.field === "smoothness" ? request : { ...request, [instance.field]: bad }
    const error = thrown(() =>
      instance.algorithm === "minimisation"
        ? regularisedMinimisation(problem, Float64Array.of(1), changed)
        : regularisedMinimax(problem, Float64Array.of(1, 0, 1, 0), changed),
    )
    return Margin.holds(error instanceof InvalidInput || error instanceof BelowNoise)
  },
  controls: [{ name: "valid numbers", value: () => 0.5 }],
})
