/** Defects that are planted in claims, to see which search finds them: for a script that compares them at length, and a test that does so briefly. */
import { attempt } from "@nonconvex/evidence/Verify"
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Given } from "@nonconvex/evidence/Given"
import type { Comparison } from "@nonconvex/evidence/Margin"
import * as Plan from "@nonconvex/evidence/Plan"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect } from "effect"
import type fc from "fast-check"
import { join } from "node:path"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

/** A claim with a constant that is so many percent too small, and how many draws of a survey show that. */
export interface Planted {
  readonly claim: string
  readonly percent: number
  readonly shown: number
}

/** The twelve that are chosen by the rule of `scripts/plantedDefects.ts`. */
export const file = join(import.meta.dirname, "../../scripts/planted.json")

/** What the claims compute with. */
export const given = { kernels: Kernels.strict() }

/** The seven systems. */
export const systems = Effect.provide(allSystems, Systems.layer)

/** The part of a claim that a search tries. */
interface Trial<Instance extends object> {
  readonly instances: fc.Arbitrary<Instance>
  readonly margin: (asked: Given & { readonly instance: Instance }) => Comparison
}

/** A margin whose deciding inequality between positive numbers is judged by `scaled`, and every other by `rest`. */
export const judged = <Instance extends object>(
  { instances, margin }: Trial<Instance>,
  scaled: (margin: number) => number,
  rest: (margin: number) => number,
): Trial<Instance> => ({
  instances,
  margin: (asked) => {
    const { compared, margin: honest } = margin(asked)
    const isRelative =
      compared !== undefined &&
      compared.relation !== "equal" &&
      compared.actual > 0 &&
      compared.bound > 0
    return { margin: (isRelative ? scaled : rest)(honest) }
  },
})

/** A bound times 1 - percent / 100, or a value of which at least so much is asked, for `at least` over that. */
const planted = <Instance extends object>(trial: Trial<Instance>, percent: number) =>
  judged(
    trial,
    (margin) => 1 - (1 - margin) / (1 - percent / 100),
    (margin) => margin,
  )

/** Whether the searches that a verification makes find a defect of the claim. */
export const isFound = (claim: Claim, percent: number, effort: Plan.Effort): boolean =>
  claim.open((definition) =>
    Plan.ofClaim(claim, effort).some(({ control, search }) => {
      if (control !== undefined) return false
      const { violation } = attempt(planted(definition, percent), { ...search, shrinks: 0 }, given)
      return violation !== undefined
    }),
  )
