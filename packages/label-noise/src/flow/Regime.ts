/** Limits of the neurons with more data than dimensions: clusters, each with its own certificate. */
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../geometry/Geometry.ts"
import { flowOfParameters } from "./SharpnessFlow.ts"
import * as Theory from "../theory/Theory.ts"
import { areIndependent, relabelled, type TwoLayer } from "../network/TwoLayer.ts"

/** Neurons that agree on all data. */
export interface Cluster {
  /** Their indices, ascending. */
  readonly neurons: ReadonlyArray<number>
  /** Largest difference between the pre-activations of two of them on a datum. */
  readonly diameter: number
  /** Largest norm of the Riemannian gradient for one of them; 0 at a stationary point of the sharpness. */
  readonly gradientNorm: number
  /**
   * Least eigenvalue of `sum_i c_i x_i x_i^T` with the coefficients c of the Riemannian Hessian. If two neurons of a cluster
   * move apart in opposite directions, no output changes to first order. So a cluster of two or more at a local minimum has no
   * negative value. Derived here.
   */
  readonly stability: number
}

export interface Regime {
  /** "one feature" if all neurons agree, "clusters" if some do, "apart" if none do. */
  readonly regime: "one feature" | "clusters" | "apart"
  /** By size, the largest first. */
  readonly clusters: ReadonlyArray<Cluster>
  /** Smallest distance between two clusters, on the datum where they differ most; Infinity for one cluster. */
  readonly gap: number
  /** True if the data are linearly dependent (always for n > d), so that no single solve gives the limit. */
  readonly isDependent: boolean
  /** True if the gradients of the outputs are dependent, so networks nearby cannot fit all small changes of the labels. */
  readonly isSingular: boolean
  /** Fewest clusters with independent gradients of the outputs, ceil(n / d). */
  readonly leastClusters: number
}

/** Largest difference of two neurons' pre-activations over the data. */
const difference = (z: Float64Array, m: number, j: number, k: number): number => {
  let most = 0
  for (let from = 0; from < z.length; from += m) {
    most = Math.max(most, Math.abs(z[from + j]! - z[from + k]!))
  }
  return most
}

/** Groups of neurons connected by chains of differences of at most `tolerance`. */
const groups = (z: Float64Array, m: number, tolerance: number): ReadonlyArray<Array<number>> => {
  const found: Array<Array<number>> = []
  for (let j = 0; j < m; j++) {
    const near = found.filter((group) => group.some((k) => difference(z, m, j, k) <= tolerance))
    const joined = [...near.flat(), j].toSorted((a, b) => a - b)
    for (const group of near) found.splice(found.indexOf(group), 1)
    found.push(joined)
  }
  return found.toSorted((a, b) => b.length - a.length || a[0]! - b[0]!)
}

const pairs = (members: ReadonlyArray<number>): ReadonlyArray<readonly [number, number]> =>
  members.flatMap((j, at) => members.slice(at + 1).map((k) => [j, k] as const))

const clusterOf = (geometry: Geometry, members: ReadonlyArray<number>): Cluster => {
  const { network, z } = geometry
  const { dimension: d, features, kernels, neurons: m, size: n } = network
  const gradient = geometry.gradient()
  const curvature = new Float64Array(d * d)
  for (let i = 0; i < n; i++) {
    const row = features.subarray(i * d, (i + 1) * d)
    const weight = geometry.hessianCoefficient(i, members[0]!)
    for (let a = 0; a < d; a++) {
      Vector.axpy(weight * row[a]!, row, curvature.subarray(a * d, (a + 1) * d))
    }
  }
  return {
    neurons: members,
    diameter: pairs(members).reduce((most, [j, k]) => Math.max(most, difference(z, m, j, k)), 0),
    gradientNorm: members.reduce(
      (most, j) => Math.max(most, Vector.norm(gradient.subarray(j * d, (j + 1) * d))),
      0,
    ),
    stability: SymmetricEigen.eigen(curvature, d, kernels).values[0]!,
  }
}

/**
 * Clusters of neurons at `theta`, m x d: groups whose pre-activations differ by at most `tolerance` of the largest one; default
 * 1e-3. Throws InvalidInput on a `theta` of another length. Derived here.
 */
export const regimeAt = (network: TwoLayer, theta: Float64Array, tolerance = 1e-3): Regime => {
  const { dimension: d, neurons: m, size: n } = network
  Require.vector("regimeAt", "theta", theta, m * d)
  const geometry = new Geometry(relabelled(network, theta)).atParameters(theta)
  const { z } = geometry
  const found = groups(z, m, tolerance * Vector.maxAbs(z))
  let gap = Infinity
  for (const [a, b] of pairs(Array.from(found.keys()))) {
    for (const j of found[a]!) {
      for (const k of found[b]!) gap = Math.min(gap, difference(z, m, j, k))
    }
  }
  const several = found.length === m ? "apart" : "clusters"
  return {
    regime: found.length === 1 ? "one feature" : several,
    clusters: found.map((members) => clusterOf(geometry, members)),
    gap,
    isDependent: !areIndependent(network),
    isSingular: geometry.isSingular,
    leastClusters: Theory.leastClusters(n, d),
  }
}

/** Limit of the sharpness flow and its clusters. */
export interface FlowRegime extends Regime {
  /** m x d. */
  readonly theta: Float64Array
  /** True if the flow came to rest: its gradient is at most 1e-7 of the initial sharpness. */
  readonly isStationary: boolean
}

/**
 * Follows the sharpness flow from `theta`, m x d, until it rests, and finds the clusters there like `regimeAt`.
 *
 * Throws like `flowOfParameters`. The clusters for n > d are the paper's (as recalled); their certificates are ours.
 */
export const detectRegime = (
  network: TwoLayer,
  theta: Float64Array,
  tolerance?: number,
): FlowRegime => {
  const { sharpness } = new Geometry(network).atParameters(theta)
  const flow = flowOfParameters(network, theta, {
    gradient: 1e-7 * sharpness,
    tolerance: { relative: 1e-9, absolute: 1e-11 },
    maxSteps: 20_000,
  })
  return {
    ...regimeAt(network, flow.theta, tolerance),
    theta: flow.theta,
    isStationary: flow.status === "stationary",
  }
}
