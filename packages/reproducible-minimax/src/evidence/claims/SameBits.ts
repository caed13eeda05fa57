/** The same input gives the same bits. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import { type CertifiedGame, certifiedGameFields, solving } from "../support/CertifiedRun.ts"
import { derived } from "../support/Paper.ts"

const repeatMargin =
  (again: (instance: CertifiedGame) => CertifiedGame) =>
  (instance: CertifiedGame, given: Given): number => {
    const [one, two] = [instance, again(instance)].map((each) =>
      solving(each, given).run("constant"),
    )
    const same = (a: Float64Array, b: Float64Array) => a.every((x, i) => Object.is(x, b[i]))
    return Margin.holds(
      same(one!.certified.point, two!.certified.point) &&
        same(one!.published.point, two!.published.point) &&
        one!.certified.evaluations === two!.certified.evaluations,
    )
  }

const constantErrors = Draw.record<CertifiedGame>({
  ...certifiedGameFields,
  strategy: Draw.oneOf("constant"),
})

export const repeats = claim<CertifiedGame>({
  id: "reproducible-minimax/same-input-same-bits",
  statement: "The same input gives the same bits and the same counters.",
  source: derived("strict kernels, and no function that engines may round as they like"),
  instances: constantErrors,
  margin: repeatMargin((instance) => instance),
  controls: [
    {
      name: "a deviation half as large",
      instances: constantErrors,
      margin: repeatMargin((instance) => ({ ...instance, deviation: instance.deviation / 2 })),
    },
  ],
})
