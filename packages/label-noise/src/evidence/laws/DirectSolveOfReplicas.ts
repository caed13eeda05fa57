import { claim, Kind } from "@nonconvex/evidence"
import { type Image, margin } from "../support/DirectSolveImage.ts"
import { derived } from "../support/Paper.ts"
import { type Expanded, problems } from "../support/RandomNetwork.ts"
import { ours } from "../support/Subject.ts"

const instances = problems()

/** Repeats every neuron three times in a row. */
const replicated = (theta: Float64Array): Float64Array =>
  Float64Array.from([...theta, ...theta, ...theta])

const replication =
  (labelFactor: number) =>
  ({ network, theta }: Expanded): Image => {
    const labels = network.labels.map((y) => labelFactor * y)
    return {
      network: { ...network, neurons: 3 * network.neurons, labels },
      theta: replicated(theta),
      limit: replicated,
    }
  }

export const directSolveOfReplicas = claim({
  id: "label-noise/direct-solve-of-replicas",
  statement:
    "The direct solve of k times the neurons and k times the labels has the same pre-activations, and each limit k times.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("replication in the direct solve")),
  subject: ours,
  instances,
  value: replication(3),
  margin,
  controls: [{ name: "unchanged labels", value: replication(1) }],
})
