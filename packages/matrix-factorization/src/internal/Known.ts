/**
 * What a kernel knows, so that many steps can be one call. It is known of a function, and not of the object that has it: whoever puts another function in its place
 * gets plain steps.
 */
import type { DeepFactorisation } from "../factorisation/DeepFactorisation.ts"
import type { Measurements } from "../measurements/Measurements.ts"

/** The A_i one after the other, of measurements whose products run in the order of the strict kernels, or in that of the machine. */
const rows = new WeakMap<Measurements["residualAndAdjoint"], () => Float64Array>()

interface Layers {
  readonly widths: Int32Array
  readonly measurements: Measurements
}

const layers = new WeakMap<DeepFactorisation["against"], Layers>()

/** Makes measurements known by their matrices, where runs have the bits of their steps: relaxed kernels fuse in steps alone. */
export const noteRows = (
  measurements: Measurements,
  matrices: () => Float64Array,
): Measurements => {
  if (measurements.kernels.isReproducible) rows.set(measurements.residualAndAdjoint, matrices)
  return measurements
}

/** Makes a factorisation known by the widths of its layers. */
export const noteLayers = (objective: DeepFactorisation, widths: Int32Array): DeepFactorisation => {
  layers.set(objective.against, { widths, measurements: objective.measurements })
  return objective
}

/** Multiply-adds of a step up to which its calls take longer than its arithmetic in lanes. */
const mostInLanes = 4096

/** The same, up to which they take longer than its products. */
const mostInCalls = 32_768

/** Rates up to which a gradient whose squares do not overflow makes a finite step. */
const largestRate = 1e100

/** Multiply-adds of a step. */
const operationsOf = ({ dimension, shape }: DeepFactorisation, batch: number): number =>
  3 * dimension * shape.columns + 2 * batch * shape.rows * shape.columns

/** Widths and matrices of a factorisation that kernels know; undefined of any other. */
const known = ({ against }: DeepFactorisation) => {
  const found = layers.get(against)
  const matrices = found && rows.get(found.measurements.residualAndAdjoint)
  return matrices && { widths: found.widths, matrices: matrices() }
}

/** What `descendLayers` asks of a small factorisation that it knows, but for targets and noise; undefined of any other. */
export const knownLayers = (objective: DeepFactorisation, rate: number) => {
  const isSmall = operationsOf(objective, objective.size) <= mostInLanes
  const found = isSmall && Math.abs(rate) <= largestRate ? known(objective) : undefined
  return found && { ...found, rate }
}

/** What `descendChain` asks of one, and the kernels for it; undefined where its steps spend their time in their products. */
export const knownChain = (objective: DeepFactorisation, batch: number) => {
  const found = operationsOf(objective, batch) <= mostInCalls ? known(objective) : undefined
  return found && { ...found, kernels: objective.measurements.kernels }
}
