import { Kind } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { counted, statistical } from "../support/FixedSeeds.ts"
import { kernelRatio } from "../support/KernelRatio.ts"
import { recalled } from "../support/Paper.ts"

/** 1.15 to 1.5, by the label of the seed. */
const productive = (seed: Seed.Seed) => 1.15 + (0.35 * (seed.words[0] % 1000)) / 1000

/**
 * Decrease of the kernel over groups of runs. Fewer than 1 in 50 single runs fail, so fewer than 1 in 50 groups of ten
 * fail when one failure is allowed.
 */
export const catapultShrinksTheKernel = statistical({
  id: "catapults/catapult-shrinks-the-kernel",
  statement:
    "A two-layer ReLU network of width 512 at 1.15 to 1.5 times the critical rate is catapulted. It ends with at most 0.9 of its tangent kernel's top eigenvalue, in at least 9 of 10 runs.",
  inFloatingPoint: "statistical",
  source: Kind.observation(recalled("the kernel norm falls in a catapult")),
  margin: (seed, kernels, multiple) =>
    counted(seed, 10, 9, (each) => {
      const { ratio, spikes } = kernelRatio(each, multiple(each), kernels)
      return spikes > 0 && ratio <= 0.9
    }),
  value: productive,
  controls: [{ name: "half the critical rate", value: () => 0.5 }],
})
