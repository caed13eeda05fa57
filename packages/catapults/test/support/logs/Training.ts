/** Trainings that write down all that a log may have, with faults put into them. */
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { adamW } from "@nonconvex/problems/AdamW"
import * as Sampler from "@nonconvex/problems/Sampler"
import { momentum } from "@nonconvex/problems/Momentum"
import { sgd } from "@nonconvex/problems/Sgd"
import type { Update } from "@nonconvex/problems/Update"
import type { Kind, Task } from "./Tasks.ts"
import { task } from "./Tasks.ts"

export type Optimizer = "sgd" | "momentum" | "adam"

/** What is done to one step, or from one step on. */
export type Fault =
  | { readonly kind: "scaled inputs"; readonly at: ReadonlyArray<number>; readonly by: number }
  | { readonly kind: "flipped labels"; readonly at: ReadonlyArray<number> }
  | { readonly kind: "not a number"; readonly at: number }

export interface Setting {
  readonly network: Kind
  readonly optimizer: Optimizer
  /** Undefined of full batches. */
  readonly batch?: number
  /** Of SGD and momentum over the critical one at the start; of Adam as it is. */
  readonly rate: number
  /** Factors of the rate by step. */
  readonly schedule?: (step: number) => number
  readonly steps: number
  readonly fault?: Fault
  readonly seed: number
}

/** A number a step in each column, NaN where there is none. */
export interface Columns {
  readonly steps: Float64Array
  readonly losses: Float64Array
  readonly learningRates: Float64Array
  /** Of the gradient that the step is taken with. */
  readonly gradientNorms: Float64Array
  /** On all samples. */
  readonly squaredNorms: Float64Array
  readonly products: Float64Array
  /** Largest eigenvalue of the Hessian of all samples, of Adam preconditioned; every fifth step. */
  readonly sharpness: Float64Array
  /** As `products`, of the gradients that the steps are taken with. */
  readonly ownProducts: Float64Array
  /** The loss of one fixed batch at the same parameters. */
  readonly controls: Float64Array
}

export const samples = 96
export const beta = 0.9

const updateOf = (optimizer: Optimizer, learningRate: (step: number) => number): Update => {
  if (optimizer === "sgd") return sgd({ learningRate })
  if (optimizer === "momentum") return momentum({ learningRate, momentum: beta })
  return adamW({ learningRate })
}

/** The top eigenvalue of `P^(-1/2) H P^(-1/2)`, started from the vector of the last look. */
const gauge = ({ objective }: Task) => {
  const d = objective.dimension
  const all = Uint32Array.from({ length: samples }, (_, i) => i)
  let start: Float64Array | undefined
  return (point: Float64Array, scale: Float64Array | undefined): number => {
    if (!point.every(Number.isFinite)) return Number.NaN
    const inner = new Float64Array(d)
    const operator = (v: Float64Array, out: Float64Array) => {
      for (let i = 0; i < d; i++) inner[i] = scale === undefined ? v[i]! : v[i]! / scale[i]!
      objective.batchHessianVector(all, point, inner, out)
      if (scale !== undefined) for (let i = 0; i < d; i++) out[i]! /= scale[i]!
    }
    const { values, vectors } = Lanczos.topEigenpairs(operator, {
      dimension: d,
      count: 1,
      seed: Seed.root("gauge"),
      tolerance: 1e-2,
      maxProducts: 30,
      ...(start === undefined ? {} : { start }),
    })
    start = vectors
    return values[0]!
  }
}

/** `(sqrt(v / (1 - beta_2^t)) + epsilon)^(1/2)` of Adam, before its first step undefined. */
const rootOfPreconditioner = (state: object): Float64Array | undefined => {
  const { square, step } = state as ReturnType<ReturnType<typeof adamW>["init"]>
  if (square === undefined || step === 0) return undefined
  return square.map((v) => Math.sqrt(Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8))
}

/** The critical rate at the start: `2 (1 + beta) / lambda`. */
export const criticalRate = (setting: Setting): number => {
  const made = task(setting.network, samples, Seed.root(setting.seed))
  return (
    (setting.optimizer === "momentum" ? 2 * (1 + beta) : 2) / gauge(made)(made.start, undefined)
  )
}

export interface Trained extends Columns {
  readonly rate: number
}

/** Trains, and ends three steps after the loss left all bounds. */
export const train = (setting: Setting, learningRate?: number, isMeasured = true): Trained => {
  const { batch, fault, network, optimizer, schedule = () => 1, steps } = setting
  const made = task(network, samples, Seed.root(setting.seed))
  const { objective, start } = made
  const rate =
    learningRate ?? (optimizer === "adam" ? setting.rate : setting.rate * criticalRate(setting))
  const update = updateOf(optimizer, (step) => rate * schedule(step))
  const sampler = Sampler.make(
    samples,
    batch === undefined
      ? { rule: "whole" }
      : { rule: "epochs", batch, seed: Seed.root(setting.seed).child("batches") },
  )
  const all = Uint32Array.from({ length: samples }, (_, i) => i)
  const control = all.subarray(0, 32)
  const d = objective.dimension
  const point = start.slice()
  const state = update.init(d)
  const [gradient, whole, before, ignored, ownBefore] = Array.from(
    { length: 5 },
    () => new Float64Array(d),
  )
  const look = gauge(made)
  const corrupt =
    fault?.kind === "scaled inputs"
      ? made.scaled(fault.by)
      : fault?.kind === "flipped labels"
        ? made.flipped
        : objective
  const rows: Array<ReadonlyArray<number>> = []
  let lost = 0
  for (let step = 0; step < steps && lost < 3; step++) {
    const indices = Sampler.next(sampler)
    const isBad =
      fault !== undefined &&
      (typeof fault.at === "number" ? fault.at === step : fault.at.includes(step))
    let loss = (isBad ? corrupt : objective).batchValueAndGradient(indices, point, gradient!)
    if (isBad && fault.kind === "not a number") {
      loss = Number.NaN
      gradient!.fill(Number.NaN)
    }
    objective.batchValueAndGradient(all, point, whole!)
    rows.push([
      step,
      loss,
      update.learningRate(step),
      Vector.norm(gradient!),
      Vector.dot(whole!, whole!),
      step === 0 ? Number.NaN : Vector.dot(before!, whole!),
      isMeasured && step % 5 === 0 ? look(point, rootOfPreconditioner(state)) : Number.NaN,
      objective.batchValueAndGradient(control, point, ignored!),
      step === 0 ? Number.NaN : Vector.dot(ownBefore!, gradient!),
    ])
    ownBefore!.set(gradient!)
    before!.set(whole!)
    if (!(loss < 1e9 * Math.max(1, rows[0]![1]!))) lost++
    update.apply(state, point, gradient!)
  }
  const column = (j: number) => Float64Array.from(rows, (row) => row[j]!)
  return {
    rate,
    steps: column(0),
    losses: column(1),
    learningRates: column(2),
    gradientNorms: column(3),
    squaredNorms: column(4),
    products: column(5),
    sharpness: column(6),
    controls: column(7),
    ownProducts: column(8),
  }
}
