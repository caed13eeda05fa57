/** The noise of a wide release as a job, which can be interrupted and sees no rows. */
import type { OperationDefinition } from "@nonconvex/problems/Operation"
import { Count, Float64s } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import type { Source } from "../noise/Entropy.ts"
import { largestDimension } from "../privacy/Target.ts"
import { drawNoise } from "../release/Release.ts"

const NoiseInput = Schema.Struct({
  dimension: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: largestDimension })),
  diagonalSteps: Count,
  offDiagonalSteps: Count,
})

/** Progress: number of entries drawn. */
const Drawn = Schema.Struct({ drawn: Schema.Int })

/** Integers for the upper triangle, from a source of entropy. */
export const noise: OperationDefinition<
  typeof NoiseInput.Type,
  Float64Array,
  never,
  typeof Drawn.Type,
  { readonly entropy: Source }
> = {
  id: "dp-lowrank/noise",
  input: NoiseInput,
  output: Float64s,
  failure: Schema.Never,
  progress: Drawn,
  run: (steps, { entropy, report }) => drawNoise(steps, entropy, (drawn) => report({ drawn })),
}
