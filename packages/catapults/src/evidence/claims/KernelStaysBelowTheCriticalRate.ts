import { Kind } from "@nonconvex/evidence"
import { counted, statistical } from "../support/FixedSeeds.ts"
import { kernelRatio } from "../support/KernelRatio.ts"
import { recalled } from "../support/Paper.ts"

export const kernelStaysBelowTheCriticalRate = statistical({
  id: "catapults/kernel-stays-below-the-critical-rate",
  statement:
    "A two-layer ReLU network of width 512 at half the critical rate ends with 0.85 to 1.2 of its tangent kernel's top eigenvalue, in at least 9 of 10 runs.",
  inFloatingPoint: "statistical",
  source: Kind.observation(recalled("the lazy phase")),
  margin: (seed, kernels, multiple) =>
    counted(seed, 10, 9, (each) => {
      const { ratio } = kernelRatio(each, multiple, kernels)
      return ratio >= 0.85 && ratio <= 1.2
    }),
  value: 0.5,
  controls: [{ name: "past the critical rate", value: 1.4 }],
})
