import { claim, Kind } from "@nonconvex/evidence"
import { relabelled } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import {
  type Image,
  instances,
  type Relation,
  scales,
  times,
} from "../support/SharpnessRelation.ts"
import { ours } from "../support/Subject.ts"

const doubled: Image = ({ network, theta }) => {
  const twice = new Float64Array(2 * theta.length)
  twice.set(theta)
  twice.set(theta, theta.length)
  return {
    network: relabelled({ ...network, neurons: 2 * network.neurons }, twice),
    theta: twice,
  }
}

/** Writes every row of a matrix twice, side by side. */
const repeated = (rows: Float64Array, width: number): Float64Array =>
  Float64Array.from({ length: 2 * rows.length }, (_, k) => {
    const row = Math.floor(k / (2 * width))
    return rows[row * width + (k % width)]!
  })

const source = Kind.identity(derived("scaling of the sharpness"))

const doublingLaw =
  (factor: number): Relation =>
  ({ multipliers, sharpness, velocity }, _, neurons) => ({
    sharpness: 2 * sharpness,
    multipliers: times(factor, multipliers),
    velocity: repeated(velocity, neurons),
  })

export const doubledNeurons = claim({
  id: "label-noise/doubled-neurons",
  statement:
    "Duplicating every neuron doubles the sharpness and changes neither multipliers nor velocities.",
  inFloatingPoint: "agreement",
  source,
  subject: ours,
  instances,
  value: doublingLaw(1),
  margin: scales(doubled),
  controls: [{ name: "half the multipliers", value: doublingLaw(0.5) }],
})
