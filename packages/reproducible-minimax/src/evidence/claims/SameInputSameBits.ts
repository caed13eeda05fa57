import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { type CertifiedGame, certifiedGameFields, solving } from "../support/CertifiedRun.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"

export const sameInputSameBits = claim({
  id: "reproducible-minimax/same-input-same-bits",
  statement: "The same input gives the same bits and the same counters.",
  inFloatingPoint: "bits",
  source: Kind.identity(
    derived("strict kernels, and no function that engines may round as they like"),
  ),
  instances: Draw.record({ ...certifiedGameFields, strategy: Draw.oneOf("constant") }),
  value: (instance: CertifiedGame) => instance,
  margin: ({ instance, kernels, value: again }) => {
    const one = solving(instance, { kernels }).run("constant")
    const two = solving(again(instance), { kernels }).run("constant")
    return Margin.holds(
      same(one.certified.point, two.certified.point) &&
        same(one.published.point, two.published.point) &&
        one.certified.evaluations === two.certified.evaluations,
    )
  },
  controls: [
    {
      name: "a deviation half as large",
      value: (instance) => ({ ...instance, deviation: instance.deviation / 2 }),
    },
  ],
})
