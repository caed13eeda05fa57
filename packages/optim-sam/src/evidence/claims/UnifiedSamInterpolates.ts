import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method } from "@nonconvex/problems/Method"
import { sam } from "@nonconvex/problems/Sam"
import { unifiedSam } from "@nonconvex/problems/UnifiedSam"
import { usam } from "@nonconvex/problems/Usam"
import { base, displacement } from "../support/LinearGain.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"

const ascent = { problem: randomConvex(), radius: Draw.logarithmic(1, 1e-3) }

export const unifiedSamInterpolates = claim({
  id: "optim-sam/unified-sam-interpolates",
  statement:
    "The perturbation of the unified family at lambda is lambda times SAM's plus 1 - lambda times USAM's.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("Oikonomou and Loizou 2025, definition")),
  instances: Draw.record({ ...ascent, /** Share of SAM. */ share: Draw.linear(0.5, 0) }),
  value: (share: number) => share,
  margin: ({ instance: { problem, radius, share }, kernels, value: weight }) => {
    const { objective, start } = expand(problem, kernels)
    const of = (method: Method) => displacement(method, objective, start)
    const both = [of(sam({ radius, base })), of(usam({ radius, base }))] as const
    const lambda = weight(share)
    const expected = both[0].map((e, i) => lambda * e + (1 - lambda) * both[1][i]!)
    const found = of(unifiedSam({ radius, base, normalisation: share }))
    return Margin.equal(Vector.distance(found, expected), 0, {
      absolute: 1e-13 * (Vector.norm(start) + Vector.norm(both[0]) + Vector.norm(both[1])),
    })
  },
  controls: [{ name: "the shares exchanged", value: (share) => 1 - share }],
})
