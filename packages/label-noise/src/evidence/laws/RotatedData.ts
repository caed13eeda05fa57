import { symmetry, type Transformation } from "../support/CommutingRuns.ts"
import { problems } from "../support/RandomNetwork.ts"
import { rotated } from "../support/Transformations.ts"

const rotation: Transformation = (setting, expanded) => {
  const { network, rotate } = rotated(expanded)
  return { ...setting, network, theta: rotate(setting.theta), mapEnd: rotate }
}

const wide = problems({ extra: 2 })

export const rotatedData = symmetry({
  id: "label-noise/rotated-data",
  statement: "Label-noise SGD on rotated data from rotated neurons is the rotated run.",
  value: rotation,
  controls: [
    {
      name: "neurons not rotated",
      value: (setting, expanded) => ({ ...rotation(setting, expanded), theta: setting.theta }),
      instances: wide,
    },
  ],
})
