/** Predictions of a network, from its neurons, in the units of the target. */
import * as Vector from "@nonconvex/numerics/Vector"
import { Activation } from "@nonconvex/label-noise"
import type { fit } from "@nonconvex/label-noise/operations"
import type { Prepared } from "@nonconvex/datasets/Prepared"
import * as Flattenable from "./Flattenable.ts"
import type { Row } from "./NeuronLines.ts"

type NetworkInput = typeof fit.input.Type

type Neurons = Pick<NetworkInput, "dimension" | "neurons"> & {
  readonly theta: Float64Array
}

/** The pre-activations of the neurons on row i of `features`. */
const seen = ({ dimension: d, neurons, theta }: Neurons, features: Float64Array, i: number) => {
  const row = features.subarray(i * d, (i + 1) * d)
  return Array.from({ length: neurons }, (_, j) =>
    Vector.dot(row, theta.subarray(j * d, (j + 1) * d)),
  )
}

/** The networks of one flattening, m x d each. */
export interface Networks {
  /** Network that was flattened, after the fit if one was requested. */
  readonly fitted: Float64Array
  readonly flat: Float64Array
}

/** Outputs of the neurons on the rows of a network, before and after. */
export const rowsOf = (network: NetworkInput, { fitted, flat }: Networks): ReadonlyArray<Row> =>
  Array.from(network.labels, (_, i) => ({
    before: seen({ ...network, theta: fitted }, network.features, i),
    after: seen({ ...network, theta: flat }, network.features, i)[0]!,
  }))

/** Root mean squares on rows that the networks were not fitted to. */
export interface HeldOut {
  readonly rows: number
  /** Value of the network in the file. */
  readonly given: number
  /** Error of the network that was flattened. */
  readonly before: number
  readonly after: number
  /** Error of the mean of the fitted rows as a prediction. */
  readonly ofMean: number
}

const rootMeanSquare = (errors: Float64Array): number =>
  Vector.norm(errors) / Math.sqrt(errors.length)

/** Errors of the networks on the test rows; undefined without test rows. */
export const heldOut = (
  network: NetworkInput,
  { fitted, flat }: Networks,
  found: Flattenable.Flattenable,
  { test, train, transform }: Prepared,
): HeldOut | undefined => {
  if (test.samples === 0) return undefined
  const { features, values } = Flattenable.rowsOf({ train: test, test, transform }, test.samples)
  const { name, slope } = network.activation
  const { value } = name === "cubic" ? Activation.cubic(slope) : Activation.sinh
  const { scale, shift } = Flattenable.targetOf(found)
  const errorOf = (theta: Float64Array): number =>
    rootMeanSquare(
      values.map((target, i) => {
        const sum = seen({ ...network, theta }, features, i).reduce((all, z) => all + value(z), 0)
        return shift + scale * (sum + found.outputBias) - target
      }),
    )
  const known = Flattenable.rowsOf({ train, test, transform }, network.labels.length).values
  const mean = known.reduce((sum, target) => sum + target, 0) / known.length
  return {
    rows: test.samples,
    given: errorOf(network.theta),
    before: errorOf(fitted),
    after: errorOf(flat),
    ofMean: rootMeanSquare(values.map((target) => mean - target)),
  }
}
