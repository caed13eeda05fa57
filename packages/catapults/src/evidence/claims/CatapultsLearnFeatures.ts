import { Kind } from "@nonconvex/evidence"
import { capped, type RateControl } from "../../descent/RateControl.ts"
import {
  asDrawn,
  forced,
  improves,
  type TaskVariant,
  shuffledLabels,
} from "../support/FeatureRuns.ts"
import { counted, statistical } from "../support/FixedSeeds.ts"
import { recalled } from "../support/Paper.ts"
import { productTask } from "../support/ProductTask.ts"

const half = { inputs: 30, width: 256, samples: 256 }

interface Schedule {
  readonly lesson: TaskVariant
  readonly held: (control: RateControl) => RateControl
}

const raised: Schedule = { lesson: asDrawn, held: (control) => control }

/**
 * Half the samples and neurons of `catapults/forced-catapults`; its paper preset uses all of them, and fifteen runs
 * then take 20 s. None of the fifteen seeds tried on half the samples failed.
 */
export const catapultsLearnFeatures = statistical({
  id: "catapults/catapults-learn-features",
  statement:
    "On x_1 x_2 of 30 inputs with 256 samples and 256 neurons, networks with 0, 1 and 2 forced catapults are compared at equal training loss. They have successively smaller test losses and larger alignments of the AGOP with the true one, in at least 4 of 5 runs.",
  inFloatingPoint: "statistical",
  source: Kind.observation(
    recalled("Section 4: catapults raise the alignment and lower the test loss"),
  ),
  margin: (seed, kernels, { held, lesson }) =>
    counted(seed, 5, 4, (each) => {
      const task = lesson(productTask(half, each, kernels), each)
      return improves([0, 1, 2].map((raises) => () => forced(task, raises, held)))
    }),
  value: raised,
  controls: [
    {
      name: "the same raises, held below the critical rate",
      // the critical rate moves slowly without catapults: one look in 20 steps keeps below it
      value: { ...raised, held: (control) => capped(control, 0.95, 20) },
    },
    {
      name: "shuffled training labels, which carry no information on the features",
      value: { ...raised, lesson: shuffledLabels },
    },
  ],
})
