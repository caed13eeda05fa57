import { Kind } from "@nonconvex/evidence"
import { forced, improves, inOrder, nameOf, reversed } from "../support/FeatureRuns.ts"
import { counted, statistical } from "../support/FixedSeeds.ts"
import { recalled } from "../support/Paper.ts"
import { productTask } from "../support/ProductTask.ts"
import { remembered } from "../support/Remembered.ts"

const whole = { inputs: 30, width: 512, samples: 512 }

const byRaises = remembered(nameOf, (seed, kernels) => {
  const task = productTask({ ...whole, samples: 256, width: 256 }, seed, kernels)
  return [0, 1, 2].map((raises) => forced(task, raises))
})

/**
 * Half the samples and neurons of `catapults/forced-catapults`: with all of them fifteen runs take 20 s, and are the paper preset of that
 * experiment. None of the fifteen seeds tried on half the samples failed.
 */
export const catapultsLearnFeatures = statistical({
  id: "catapults/catapults-learn-features",
  statement:
    "On x_1 x_2 of 30 inputs with 256 samples and 256 neurons, at equal training loss, 0, 1 and 2 forced catapults have ever smaller test losses and ever larger alignments of the AGOP with the true one, in at least 4 of 5 runs.",
  inFloatingPoint: "statistical",
  source: Kind.observation(
    recalled("Section 4: catapults raise the alignment and lower the test loss"),
  ),
  margin: (seed, kernels, order) =>
    counted(seed, 5, 4, (each) => improves(order(byRaises(each, kernels)))),
  value: inOrder,
  controls: [{ name: "fewer catapults", value: reversed }],
})
