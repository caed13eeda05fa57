import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Effect, Layer } from "effect"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import {
  GapMissed,
  Irreproducible,
  NotCertified,
  NotMonotone,
  TooCoarse,
} from "../solve/Failures.ts"
import type { Problem } from "../problem/Problem.ts"
import * as Run from "../solve/Run.ts"
import { type Answer, prepare, type SolveOptions } from "../solve/Solve.ts"

/** The paper as a system: its claims, its errata and its experiments. */
export const system: System = {
  id: "reproducible-minimax",
  title: "Reproducible convex and minimax optimisation",
  paper: {
    title:
      "Optimal Guarantees for Algorithmic Reproducibility and Gradient Complexity in Convex Optimization",
    authors: "Liang Zhang, Junchi Yang, Amin Karbasi, Niao He",
    venue: "NeurIPS",
    year: 2023,
    arxiv: "2310.17759",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

const failures = [
  InvalidInput,
  Irreproducible,
  TooCoarse,
  NotCertified,
  NotMonotone,
  GapMissed,
] as const

/** Milliseconds after which a solve lets other fibers run. */
const slice = 20

/** Takes steps until the run is certified or the time is up: one may take longer than a slice. */
const stepUntil = (run: Run.Run, time: number): Run.Certified | undefined => {
  do {
    Run.step(run)
    const certified = Run.certified(run)
    if (certified !== undefined) return certified
  } while (performance.now() < time)
  return undefined
}

/**
 * As `solve`, but interruptible, with typed errors; `watch` sees the run wherever it pauses. What it computes does not depend on the
 * clock, only where it pauses.
 */
const solve = Effect.fn("ReproducibleMinimax.solve")(function* (
  problem: Problem,
  start: Float64Array,
  options: SolveOptions,
  watch?: (progress: Pick<Run.Run, "steps" | "target"> & { readonly residual: number }) => void,
): Effect.fn.Return<Answer, InstanceType<(typeof failures)[number]>> {
  const { plan, publish } = yield* Seam.attempt(failures, () => prepare(problem, start, options))
  const run = yield* Seam.attempt(failures, () => Run.begin(problem, start, plan))
  for (;;) {
    const stop = performance.now() + slice
    const certified = yield* Seam.attempt(failures, () => stepUntil(run, stop))
    if (certified !== undefined) return yield* Seam.attempt(failures, () => publish(certified))
    watch?.({ steps: run.steps, target: run.target, residual: Run.residual(run) })
    yield* Effect.yieldNow
  }
})

/** What the lab knows of this package, and the solver whose answer does not depend on the machine. */
export class ReproducibleMinimax extends Context.Service<
  ReproducibleMinimax,
  System & { readonly solve: typeof solve }
>()("@nonconvex/reproducible-minimax/ReproducibleMinimax") {
  static readonly layer = Layer.succeed(ReproducibleMinimax, { ...system, solve })
}
