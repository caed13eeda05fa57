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

/** Up to this dimension the noise and the components of a release take less time than a thread takes to start. */
const largestHere = 128

/** Options of the post-processing of a release. */
interface ComponentsOptions extends Pick<
  ComponentsInput,
  "rank" | "failure" | "divisor" | "target"
> {
  /** True to return the three outputs of Algorithm 1 too. */
  readonly paper: boolean
}

/**
 * Private releases as a service. It sums on the kernels of the program, pays from its ledgers, draws from its entropy, and runs
 * long work on its computing power. Private rows stay in their thread. Jobs draw noise, or work on noisy data.
 */
export class DpLowrank extends Context.Service<
  DpLowrank,
  {
    /** An empty sum of private rows: `PrivateScatter.make`. */
    readonly scatter: (
      options: Omit<ScatterOptions, "kernels">,
    ) => Effect.Effect<PrivateScatter, InvalidInput>
    /**
     * Draws the noise and adds it: a job where it takes long. Nothing is spent yet, and nothing of it may be shown. `onDrawn` sees how many
     * entries of the upper triangle are drawn.
     */
    readonly draft: (
      scatter: PrivateScatter,
      plan: GridPlan,
      onDrawn?: (drawn: number) => void,
    ) => Effect.Effect<Draft, InvalidInput | OperationFault>
    /** Post-processing of a release, free of charge: a job where it takes long. Its result for a draft is as secret as the draft. */
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
