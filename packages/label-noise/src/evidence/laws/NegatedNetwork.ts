import { symmetry, type Transformation } from "../support/CommutingRuns.ts"

const negation =
  (sign: 1 | -1): Transformation =>
  (setting) => {
    const { labels } = setting.network
    return {
      ...setting,
      network: { ...setting.network, labels: labels.map((y) => -y) },
      theta: setting.theta.map((value) => -value),
      sign,
      mapEnd: (theta) => theta.map((value) => -value),
    }
  }

export const negatedNetwork = symmetry({
  id: "label-noise/negated-network",
  statement:
    "With an odd activation, negated labels, noise and neurons give the negated run of label-noise SGD.",
  value: negation(-1),
  controls: [{ name: "noise not negated", value: negation(1) }],
})
