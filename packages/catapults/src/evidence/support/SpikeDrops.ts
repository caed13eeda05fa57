/** Shares of a spike in the top eigenspace of the kernel of all samples, and in that of a batch. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Sampler from "@nonconvex/problems/Sampler"
import { isLost } from "../../descent/RunDiverged.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { type Design, descended } from "./ImageDesigns.ts"
import { type Labelled, spikesAndPlaces, steepestOf } from "./SpikeRun.ts"

interface Options {
  readonly design: Design
  readonly batchSize: number
  readonly steps: number
  /** Learning rate of a step, given the critical rate of all samples, which is computed on demand. */
  readonly rate: (step: number, criticalRate: () => number) => number
  /** Eigenvectors of the larger space. */
  readonly top: number
}

/** Record of a step on the second pass. */
interface Look {
  readonly residuals: Float64Array
  readonly kernel?: Float64Array
  readonly batch?: Uint32Array
}

/** Entries of some of the samples; of all samples by default. */
const of = (all: Float64Array, rows: Uint32Array | undefined): Float64Array =>
  rows === undefined ? all : Float64Array.from(rows, (i) => all[i]!)

const blockOf = (kernel: Float64Array, n: number, rows: Uint32Array): Float64Array =>
  Float64Array.from(
    { length: rows.length * rows.length },
    (_, at) => kernel[rows[Math.floor(at / rows.length)]! * n + rows[at % rows.length]!]!,
  )

/**
 * Shares in the first eigenvector of a kernel and in its first `count` eigenvectors. Covers the residuals at the peak,
 * and their change from the peak to the end.
 */
const sharesOf = (
  kernel: Float64Array,
  peak: Float64Array,
  end: Float64Array,
  count: number,
  kernels: Kernels,
) => {
  const top = TangentKernel.topOfKernel(kernel, peak.length, { count, kernels })
  const change = peak.map((value, i) => value - end[i]!)
  const [ofLoss, ofChange] = [peak, change].map(
    (vector) => TangentKernel.decompose(top, vector, 1).shares,
  )
  return {
    critical: Theory.criticalRate(1 / peak.length, top.values[0]!),
    lossFirst: ofLoss![0]!,
    lossTop: ofLoss![count - 1]!,
    dropFirst: ofChange![0]!,
    dropTop: ofChange![count - 1]!,
  }
}

/**
 * Ended spikes of a run, each with a stretch of equal length without spikes, if there is one. The run is computed
 * twice: first for its losses, then to measure at the spikes. The eigenvectors are those of the kernel before the
 * steepest step, which does not yet depend on the residuals at the peak.
 */
export const spikeDrops = (
  images: Labelled,
  { batchSize, design, rate, steps, top }: Options,
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const n = images.labels.length
  const kernel = new Float64Array(n * n)

  /** Takes steps in order while `visit` returns true; `visit` receives the loss of all samples before each step. */
  const pass = (
    rateOf: (step: number, criticalRate: () => number) => number,
    visit: (t: number, run: ReturnType<typeof descended>, batch: Uint32Array) => boolean,
  ): void => {
    const run = descended(design, images, seed.child("start"), kernels)
    const sampler = Sampler.make(n, {
      rule: "epochs",
      batch: batchSize,
      seed: seed.child("batches"),
    })
    const criticalRate = () => {
      run.evaluate()
      run.tangentKernel(kernel)
      return Theory.criticalRate(1 / n, TangentKernel.topEigenvalue(kernel, n, kernels))
    }
    for (let t = 0; t < steps; t++) {
      const batch = Sampler.next(sampler)
      if (!visit(t, run, batch)) return
      const learningRate = rateOf(t, criticalRate)
      run.evaluate(batch)
      run.move(learningRate)
    }
  }

  const losses: Array<number> = []
  const rates: Array<number> = []
  pass(
    (t, criticalRate) => (rates[t] = rate(t, criticalRate)),
    (t, run) => {
      const loss = run.evaluate()
      if (isLost(loss, losses[0] ?? loss)) return false
      losses[t] = loss
      return true
    },
  )
  const places = spikesAndPlaces(losses).flatMap(({ from, spike: { end, peak, start } }) => {
    const own = { kind: "spike" as const, start, peak, end }
    if (from === undefined) return [own]
    const moved = from - start
    return [own, { kind: "matched" as const, start: from, peak: peak + moved, end: end + moved }]
  })
  const stretches = places.map((each) => ({
    ...each,
    steepest: steepestOf(losses, each.start, each.peak),
  }))
  const withKernel = new Set(
    stretches.flatMap(({ end, start, steepest }) => [start, steepest, end]),
  )
  const looks = new Map<number, Look | undefined>()
  for (const { peak } of stretches) looks.set(peak, undefined)
  for (const t of withKernel) looks.set(t, undefined)
  const last = Math.max(-1, ...looks.keys())
  pass(
    (t) => rates[t]!,
    (t, run, batch) => {
      if (looks.has(t)) {
        run.evaluate()
        const residuals = Float64Array.from(
          run.predictions,
          (value, i) => value - images.labels[i]!,
        )
        if (withKernel.has(t)) run.tangentKernel(kernel)
        looks.set(t, {
          residuals,
          ...(withKernel.has(t) ? { kernel: kernel.slice(), batch: batch.slice() } : {}),
        })
      }
      return t < last
    },
  )
  const topAt = (t: number) => TangentKernel.topEigenvalue(looks.get(t)!.kernel!, n, kernels)
  return stretches.map(({ end, kind, peak, start, steepest }) => {
    const { batch, kernel: before } = looks.get(steepest)!
    const [high, low] = [peak, end].map((t) => looks.get(t)!.residuals)
    const all = sharesOf(before!, high!, low!, top, kernels)
    const own = sharesOf(
      blockOf(before!, n, batch!),
      of(high!, batch),
      of(low!, batch),
      top,
      kernels,
    )
    return {
      kind,
      step: steepest,
      height: losses[peak]! / losses[start]!,
      ratio: rates[steepest]! / own.critical,
      lossFirst: all.lossFirst,
      lossTop: all.lossTop,
      dropFirst: all.dropFirst,
      dropTop: all.dropTop,
      batchLossFirst: own.lossFirst,
      batchLossTop: own.lossTop,
      batchDropFirst: own.dropFirst,
      batchDropTop: own.dropTop,
      fall: topAt(end) / topAt(start),
    }
  })
}
