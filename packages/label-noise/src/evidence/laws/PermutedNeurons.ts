import type { TwoLayer } from "../../network/TwoLayer.ts"
import { symmetry, type Transformation } from "../support/CommutingRuns.ts"

const permute = ({ dimension: d, neurons: m }: TwoLayer, theta: Float64Array): Float64Array =>
  theta.map((_, k) => theta[((Math.floor(k / d) + 1) % m) * d + (k % d)]!)

const permutation: Transformation = (setting) => ({
  ...setting,
  theta: permute(setting.network, setting.theta),
  mapEnd: (theta) => permute(setting.network, theta),
})

export const permutedNeurons = symmetry({
  id: "label-noise/permuted-neurons",
  statement: "Label-noise SGD from permuted neurons is the permuted run.",
  value: permutation,
  controls: [
    {
      name: "the start permuted, the end not",
      value: (...given) => ({ ...permutation(...given), mapEnd: (theta) => theta }),
    },
  ],
})
