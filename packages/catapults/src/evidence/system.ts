import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Effect, Layer } from "effect"
import {
  catapultDescent,
  type CatapultDescent,
  type CatapultOptions,
} from "../descent/CatapultDescent.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import type { Descent } from "../descent/Descent.ts"
import { experiments } from "./experiments/index.ts"
import type { RunDiverged } from "../descent/RunDiverged.ts"
import { ZeroKernel } from "../network/ZeroKernel.ts"
import * as Pace from "./support/Pace.ts"

/** The paper as a system: its claims, the errata and its experiments. */
export const system: System = {
  id: "catapults",
  title: "Catapults: spikes of the training loss, and what they teach",
  paper: {
    title:
      "Catapults in SGD: spikes in the training loss and their impact on generalization through feature learning",
    authors: "Libin Zhu, Chaoyue Liu, Adityanarayanan Radhakrishnan, Mikhail Belkin",
    venue: "ICML",
    year: 2024,
    arxiv: "2306.04815",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

const expected = [InvalidInput, ZeroKernel] as const

/** Runs to the end, a slice of steps at a time. */
const descend = Effect.fn("Catapults.descend")(function* (
  descent: Descent,
  options: CatapultOptions,
): Effect.fn.Return<CatapultDescent, InvalidInput | ZeroKernel | RunDiverged> {
  const run = yield* Seam.attempt(expected, () => catapultDescent(descent, options))
  // the first step measures the critical rate, and may find that there is none
  yield* Seam.attempt(expected, run.step)
  yield* Pace.finish(run)
  const failure = run.failure()
  return failure === undefined ? run : yield* failure
})

/** What the lab knows of this package, and a descent that can be interrupted. */
export class Catapults extends Context.Service<
  Catapults,
  System & {
    /** See `catapultDescent`: runs until it fits, and fails with `RunDiverged` where it is lost. */
    readonly descend: typeof descend
  }
>()("@nonconvex/catapults/Catapults") {
  static readonly layer = Layer.succeed(Catapults, { ...system, descend })
}
