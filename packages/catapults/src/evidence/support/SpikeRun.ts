/** SGD on batches that records, at every step, the quantities that distinguish a catapult from other spikes. */
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Sampler from "@nonconvex/problems/Sampler"
import { isLost } from "../../descent/RunDiverged.ts"
import { type Spike, spikesOf } from "../../monitor/Spikes.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { type Design, designed } from "./ImageDesigns.ts"

export interface Labelled {
  readonly features: Float64Array
  readonly labels: Float64Array
}

/**
 * Rate of each step: below the critical rate for one gap, then raised above the current critical rate once per gap and
 * never lowered.
 */
export const raised = (
  { calm, gap, raises }: Readonly<Record<"calm" | "gap" | "raises", number>>,
  multiple: number,
) => {
  let rate = 0
  return (step: number, criticalRate: () => number): number => {
    if (step === 0) rate = calm * criticalRate()
    else if (step % gap === 0 && step <= gap * raises) {
      rate = Math.max(rate, multiple * criticalRate())
    }
    return rate
  }
}

/** The images with a quarter of their pixels. */
export const halved = ({ features, labels }: Labelled): Labelled => {
  const samples = labels.length
  const dimension = features.length / samples
  return { features: LabelledImages.halved({ dimension, features, samples }), labels }
}

/** A step of a run: the loss of all samples before it, and its batch. */
interface Step {
  readonly loss: number
  /** Learning rate over the critical one of the batch. */
  readonly ratio: number
  /** Share of the batch loss after the step along the first eigenvector of the batch kernel before it. */
  readonly share: number
  /** Top eigenvalue of the kernel of all samples before the step. */
  readonly kernel: number
}

interface Options {
  readonly design: Design
  readonly batchSize: number
  readonly steps: number
  /** Learning rate of a step, given the critical rate of all samples, which is computed on demand. */
  readonly rate: (step: number, criticalRate: () => number) => number
  /** Factor of the targets of the batch at a step; 1 where the data are correct. */
  readonly corrupt: (step: number) => number
}

/** Steps of a run, up to the one before it diverged. */
export const spikeRun = (
  { features, labels }: Labelled,
  { batchSize, corrupt, design, rate, steps }: Options,
  seed: Seed.Seed,
  kernels: Kernels,
): ReadonlyArray<Step> => {
  const n = labels.length
  const images = { features, inputs: features.length / n }
  const { model: network, parameters: theta } = designed(
    design,
    images,
    seed.child("start"),
    kernels,
  )
  const loss = meanSquared(labels)
  const sampler = Sampler.make(n, {
    rule: "epochs",
    batch: batchSize,
    seed: seed.child("batches"),
  })
  const every = {
    out: new Float64Array(n),
    adjoint: new Float64Array(n),
    kernel: new Float64Array(n * n),
  }
  const own = {
    out: new Float64Array(batchSize),
    adjoint: new Float64Array(batchSize),
    kernel: new Float64Array(batchSize * batchSize),
  }
  const gradient = new Float64Array(theta.length)
  const found: Array<Step> = []
  const residual = (batch: Uint32Array) => own.out.map((f, k) => f - labels[batch[k]!]!)

  for (let t = 0; t < steps; t++) {
    network.predict(theta, every.out)
    const before = loss.evaluate(every.out, every.adjoint)
    if (isLost(before, found[0]?.loss ?? before)) return found
    network.tangentKernel(every.kernel)
    const kernel = TangentKernel.topEigenvalue(every.kernel, n, kernels)
    const learningRate = rate(t, () => Theory.criticalRate(1 / n, kernel))
    const batch = Sampler.next(sampler)
    network.predict(theta, own.out, batch)
    loss.evaluate(own.out, own.adjoint, batch)
    network.tangentKernel(own.kernel)
    const top = TangentKernel.topOfKernel(own.kernel, batchSize, { count: 1, kernels })
    // the derivative of (f - a y)^2 / b is that of (f - y)^2 / b minus 2 (a - 1) y / b
    const wrong = corrupt(t) - 1
    if (wrong !== 0) {
      batch.forEach((i, k) => (own.adjoint[k]! -= (2 * wrong * labels[i]!) / batchSize))
    }
    gradient.fill(0)
    network.addPullback(1, own.adjoint, gradient)
    for (let j = 0; j < theta.length; j++) theta[j]! -= learningRate * gradient[j]!
    network.predict(theta, own.out, batch)
    const after = TangentKernel.decompose(top, residual(batch), 1 / batchSize)
    found.push({
      loss: before,
      ratio: learningRate / Theory.criticalRate(1 / batchSize, top.values[0]!),
      share: after.shares[0]!,
      kernel,
    })
  }
  return found
}

/** Step with the largest growth of the loss, from `from` on and before `peak`. */
export const steepestOf = (
  losses: { readonly [step: number]: number },
  from: number,
  peak: number,
): number => {
  const growth = (t: number) => losses[t + 1]! - losses[t]!
  let steepest = from
  for (let t = from; t < peak; t++) if (growth(t) > growth(steepest)) steepest = t
  return steepest
}

/** Describes a stretch of a run by its steepest step, at which the loss of all samples grows most. */
const stretch = (steps: ReadonlyArray<Step>, from: number, peak: number, end: number) => {
  const steepest = steepestOf(
    steps.map(({ loss }) => loss),
    from,
    peak,
  )
  const { ratio, share } = steps[steepest]!
  return { step: steepest, ratio, share, fall: steps[end]!.kernel / steps[from]!.kernel }
}

/**
 * Ended spikes of a run, found in its losses. Each comes with the first step of the nearest stretch of equal length
 * outside all spikes, if there is one.
 */
export const spikesAndPlaces = (losses: ReadonlyArray<number>) => {
  const spikes = spikesOf(losses).filter(({ outcome }) => outcome === "closed")
  const isFree = (from: number, to: number) =>
    from >= 0 && to < losses.length && spikes.every(({ end, start }) => to <= start || from >= end)
  const beside = ({ end, start }: Spike) => {
    const length = end - start
    for (let shift = length; shift < losses.length; shift++) {
      const from = [start - shift, start + shift].find((place) => isFree(place, place + length))
      if (from !== undefined) return from
    }
    return undefined
  }
  return spikes.map((spike) => ({ spike, from: beside(spike) }))
}

/** Ended spikes of a run. Each comes with the nearest stretch of equal length outside all spikes, if there is one. */
export const stretches = (steps: ReadonlyArray<Step>) => {
  return spikesAndPlaces(steps.map(({ loss }) => loss)).flatMap(({ from, spike }) => {
    const { end, peak, peakLoss, reference, start } = spike
    const own = {
      kind: "spike" as const,
      height: peakLoss / reference,
      ...stretch(steps, start, peak, end),
    }
    if (from === undefined) return [own]
    const length = end - start
    const matched = stretch(steps, from, from + peak - start, from + length)
    const height = steps[from + peak - start]!.loss / steps[from]!.loss
    return [own, { kind: "matched" as const, height, ...matched }]
  })
}
