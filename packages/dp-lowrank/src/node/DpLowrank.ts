/** Paid releases in a program: the Effect service over its kernels, ledgers, entropy and computing power. */
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seam from "@nonconvex/numerics/Seam"
import { Compute } from "@nonconvex/runner/Compute"
import { operate, type OperationFault } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import * as Ledger from "../ledger/Ledger.ts"
import type { LedgerError } from "../ledger/LedgerErrors.ts"
import { LedgerStorage } from "../ledger/LedgerStorage.ts"
import { imaginaryWords } from "../noise/ComplexNoise.ts"
import { isGenuine } from "../noise/Cryptographic.ts"
import { Entropy } from "../noise/Entropy.ts"
import { type Options as ScatterOptions, PrivateScatter } from "../release/PrivateScatter.ts"
import type { GridPlan } from "../release/GridPlan.ts"
import {
  addNoise,
  type Draft,
  drawNoise,
  type NoisyScatter,
  type PaidScatter,
  requireFit,
} from "../release/Release.ts"
import {
  type Components,
  components,
  type ComponentsInput,
} from "../operations/ReleasedComponents.ts"
import { noise } from "../operations/DrawNoise.ts"
import { system } from "../operations/system.ts"

/** Largest dimension at which noise and components of a release take less time than starting a thread. */
const largestHere = 128

/** Options of the post-processing of a release. */
interface ComponentsOptions extends Pick<
  ComponentsInput,
  "rank" | "failure" | "divisor" | "target"
> {
  /** True to return the three outputs of Algorithm 1 as well. */
  readonly paper: boolean
}

/**
 * Private releases as a service. It sums on the program's kernels, pays from its ledgers, draws from its entropy, and runs
 * long computations as jobs. Private rows stay in their thread. Jobs only draw noise or process noisy data.
 */
export class DpLowrank extends Context.Service<
  DpLowrank,
  {
    /** An empty sum of private rows: `PrivateScatter.make`. */
    readonly scatter: (
      options: Omit<ScatterOptions, "kernels">,
    ) => Effect.Effect<PrivateScatter, InvalidInput>
    /**
     * Draws the noise and adds it, as a job if it takes long. Nothing is spent yet, so no part of the result may be shown.
     * `onDrawn` receives the number of entries of the upper triangle drawn so far.
     */
    readonly draft: (
      scatter: PrivateScatter,
      plan: GridPlan,
      onDrawn?: (drawn: number) => void,
    ) => Effect.Effect<Draft, InvalidInput | OperationFault>
    /**
     * Post-processing of a release, which costs no privacy; runs as a job if it takes long. The result for a draft is as
     * secret as the draft.
     */
    readonly components: (
      noisy: NoisyScatter,
      options: ComponentsOptions,
    ) => Effect.Effect<Components, ArenaFull | InvalidInput | OperationFault>
    /** Spends in the ledger, and makes a release of a draft: `Ledger.pay`. */
    readonly pay: (draft: Draft, payment: Ledger.Payment) => Effect.Effect<PaidScatter, LedgerError>
  }
>()("@nonconvex/dp-lowrank/DpLowrank") {
  static readonly layer: Layer.Layer<
    DpLowrank,
    never,
    Compute | Entropy | Kernels.Current | LedgerStorage
  > = Layer.effect(
    DpLowrank,
    Effect.gen(function* () {
      const context = yield* Effect.context<Compute | Entropy | LedgerStorage>()
      const kernels = yield* Kernels.Current
      const entropy = yield* Entropy
      return DpLowrank.of({
        scatter: (options) =>
          Seam.attempt([InvalidInput], () => PrivateScatter.make({ ...options, kernels })),
        draft: Effect.fnUntraced(function* (scatter, plan, onDrawn) {
          yield* Seam.attempt([InvalidInput], () => requireFit(scatter, plan))
          const { diagonalSteps, dimension, offDiagonalSteps } = plan
          // a thread has the generator of the operating system, and no other
          const isHere = dimension <= largestHere || !isGenuine(entropy)
          const drawn = isHere
            ? drawNoise(plan, entropy, onDrawn)
            : yield* operate(
                system,
                noise,
                { dimension, diagonalSteps, offDiagonalSteps },
                (progress) => onDrawn?.(progress.drawn),
              ).pipe(Effect.provideContext(context))
          return { plan, noisy: addNoise(scatter, plan, drawn, entropy) }
        }),
        components: Effect.fnUntraced(function* (noisy, { paper, ...options }) {
          const { diagonalScale, dimension, grid, matrix, offDiagonalScale } = noisy
          const input = {
            ...options,
            noisy: { dimension, matrix, diagonalScale, offDiagonalScale, grid },
            ...(paper ? { imaginary: imaginaryWords(entropy) } : {}),
          }
          if (dimension > largestHere) {
            return yield* Effect.provideContext(operate(system, components, input), context)
          }
          const report = () => undefined
          return yield* Seam.attempt([ArenaFull, InvalidInput], () =>
            components.run(input, { kernels, report }),
          )
        }),
        pay: (draft, payment) => Effect.provideContext(Ledger.pay(draft, payment), context),
      })
    }),
  )
}
