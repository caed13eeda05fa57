/**
 * Run as a program: takes steps of one method and prints, as JSON, what was allocated meanwhile by V8's sampling heap profiler,
 * which also sees what was collected.
 */
import { Session } from "node:inspector/promises"
import { Seed } from "@nonconvex/numerics"
import type { MethodState } from "@nonconvex/problems"
import * as Draws from "../../src/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../src/FlatDescent.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import { sharpnessAwarePerturbation } from "../../src/SharpnessAware.ts"
import { smoothedPerturbation } from "../../src/Smoothed.ts"

export interface Allocated {
  /** Bytes sampled below the loop that steps. */
  readonly sampled: number
  readonly steps: number
  readonly status: string
  /** How far the point moved. */
  readonly moved: number
}

interface Node {
  readonly callFrame: { readonly functionName: string }
  readonly selfSize: number
  readonly children: ReadonlyArray<Node>
}

const sizeOf = (node: Node): number =>
  node.children.reduce((sum, child) => sum + sizeOf(child), node.selfSize)

/** Bytes below the function of that name. */
const sizeBelow = (node: Node, name: string): number =>
  node.callFrame.functionName === name
    ? sizeOf(node)
    : node.children.reduce((sum, child) => sum + sizeBelow(child, name), 0)

// small enough to be inlined: V8 boxes a returned number where it does not inline the call
const network = scalarModel()
const point = Float64Array.of(2, 0.5)

const perturbed = {
  learningRate: 0.01,
  plainLearningRate: 0.01,
  radius: 0.1,
  gradientThreshold: 2,
  draws: Draws.fromSeed(Seed.root(1)),
}
const rates = { learningRate: 0.02, flatteningRate: 1e-4, radius: 0.1 }

/** Each method as its state and its step. */
const methods: Readonly<Record<string, () => readonly [MethodState, () => void]>> = {
  smoothed: () => {
    const method = smoothedPerturbation(perturbed)
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "smoothed antithetic": () => {
    const method = smoothedPerturbation({ ...perturbed, antithetic: true, directions: 2 })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "sharpness-aware": () => {
    const method = sharpnessAwarePerturbation(perturbed)
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "sharpness-aware batch": () => {
    const method = sharpnessAwarePerturbation({ ...perturbed, antithetic: true, batchSize: 3 })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "flat descent": () => {
    const method = flatDescent(rates)
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "flat descent off the gradient": () => {
    const method = flatDescent({ ...rates, projection: "gradient" })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "smoothed flat descent": () => {
    const method = smoothedFlatDescent({ ...rates, draws: perturbed.draws, pairs: 2 })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
}

const measure = async (name: string, steps: number): Promise<Allocated> => {
  const [state, step] = methods[name]!()
  const takeSteps = (count: number) => {
    for (let t = 0; t < count; t++) step()
  }
  // the compiler has to have seen it all
  for (let k = 0; k < 40; k++) takeSteps(5000)
  const session = new Session()
  session.connect()
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  takeSteps(steps)
  const { profile } = await session.post("HeapProfiler.stopSampling")
  session.disconnect()
  return {
    sampled: sizeBelow(profile.head, "takeSteps"),
    steps: state.steps,
    status: state.status,
    moved: Math.hypot(...state.point.map((value, j) => value - point[j]!)),
  }
}

const [name = "smoothed", steps = "1"] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await measure(name, Number(steps))))
