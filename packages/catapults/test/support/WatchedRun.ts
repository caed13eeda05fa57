/** Runs of known cause, watched by a monitor. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { momentum as heavyBall } from "@nonconvex/problems/Momentum"
import type { Curvature } from "../../src/monitor/CurvatureGauge.ts"
import type { Diagnosis, Observation, SpikeMonitor } from "../../src/monitor/SpikeMonitor.ts"
import * as Theory from "../../src/theory/index.ts"
import { normals } from "../../src/evidence/support/Expand.ts"

/** A point, and what there is to measure at it. */
interface Problem {
  readonly point: Float64Array
  readonly loss: (gradient: Float64Array) => number
  readonly curvature: Curvature
  readonly top: () => number
}

/** `|f|^2 / 2` of the two-layer linear network `f = v . u / sqrt(m)`, from a small f. */
export const linearNetwork = (width: number, seed: Seed.Seed): Problem => {
  const point = normals(seed, 2 * width)
  const u = point.subarray(0, width)
  const v = point.subarray(width)
  // an output of 1e-4 of the largest that layers of these norms have: room for a ramp
  Vector.axpy((1e-4 * Vector.dot(point, point) - Vector.dot(u, v)) / Vector.dot(u, u), u, v)
  const root = Math.sqrt(width)
  const output = () => Vector.dot(u, v) / root
  /** `J q + f q'` with the halves of q exchanged in q'. */
  const operator = (q: Float64Array, out: Float64Array) => {
    const [qu, qv] = [q.subarray(0, width), q.subarray(width)]
    const along = (Vector.dot(v, qu) + Vector.dot(u, qv)) / width
    const f = output() / root
    for (let i = 0; i < width; i++) {
      out[i] = along * v[i]! + f * qv[i]!
      out[width + i] = along * u[i]! + f * qu[i]!
    }
  }
  return {
    point,
    loss: (gradient) => {
      const f = output()
      for (let i = 0; i < width; i++) {
        gradient[i] = (f * v[i]!) / root
        gradient[width + i] = (f * u[i]!) / root
      }
      return (f * f) / 2
    },
    curvature: { operator, dimension: 2 * width },
    top: () => Vector.dot(point, point) / width,
  }
}

/** `1 + x . H x / 2` with a diagonal H between 0.1 and 1, from so near the minimum that momentum makes no spikes. */
export const quadratic = (dimension: number, seed: Seed.Seed): Problem => {
  const point = normals(seed.child("start"), dimension)
  Vector.scale(0.1, point)
  const curvatures = point.map((_, i) =>
    i === 0 ? 1 : 0.1 + 0.9 * Elementary.square(i / dimension),
  )
  return {
    point,
    loss: (gradient) => {
      for (let i = 0; i < dimension; i++) gradient[i] = curvatures[i]! * point[i]!
      return 1 + Vector.dot(point, gradient) / 2
    },
    curvature: {
      operator: (q, out) => {
        for (let i = 0; i < dimension; i++) out[i] = curvatures[i]! * q[i]!
      },
      dimension,
    },
    top: () => 1,
  }
}

interface Run {
  readonly momentum: number
  /** Learning rate over the critical one. */
  readonly multiple: number
  readonly steps: number
  /** Changes the gradient of a step: what a bad batch does. */
  readonly corrupt?: (gradient: Float64Array, step: number) => void
  /** Observation of a step that the monitor receives. */
  readonly show: (
    observation: Required<Pick<Observation, "gradient" | "curvature">>,
    step: number,
  ) => Partial<Observation>
}

/** The first spike of a run past the threshold, and the curvature at its end over that at the start. */
export const firstSpike = (
  monitor: SpikeMonitor,
  { curvature, loss: evaluate, point, top }: Problem,
  { corrupt, momentum, multiple, show, steps }: Run,
): { readonly found: Diagnosis | undefined; readonly fall: number } => {
  const before = top()
  const learningRate = multiple * Theory.criticalRateOfCurvature(before, momentum)
  const update = heavyBall({ learningRate, momentum })
  const state = update.init(point.length)
  const gradient = new Float64Array(point.length)
  for (let step = 0; step < steps; step++) {
    const loss = evaluate(gradient)
    const shown = show({ gradient, curvature }, step)
    const found = monitor.observe({ step, loss, learningRate, ...shown })
    if (found !== undefined && found.spike.onset !== undefined)
      return { found, fall: top() / before }
    corrupt?.(gradient, step)
    update.apply(state, point, gradient)
  }
  return { found: undefined, fall: 1 }
}
