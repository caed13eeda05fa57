/** The worst case of gradient descent on smooth convex functions, and of extragradient on monotone Lipschitz operators. */
import { Methods, worstCase } from "@nonconvex/worst-case"
import type { Parameters, Work, Workload } from "../src/Workload.ts"

const descent = (steps: number) =>
  Methods.gradientDescent({ steps, rate: 1, class: { class: "smooth-convex", L: 1 } })

const extragradient = (steps: number) =>
  Methods.extragradient({
    steps,
    rate: "1/2",
    class: { class: "monotone-lipschitz", L: 1 },
    measure: { squaredGradient: "x" },
  })

const prepare = ({ extra, steps }: Parameters): Work => {
  const method = (extra === 1 ? extragradient : descent)(steps!)
  let bound = Number.NaN
  return {
    run: () => {
      bound = worstCase(method).bound
    },
    result: () => [bound],
  }
}

export const workload: Workload = {
  cases: [
    ...[1, 5, 10].map((steps) => ({
      name: `worst case of gradient descent N=${steps}`,
      parameters: { extra: 0, steps },
      family: { work: "worst case of gradient descent", by: "N", size: steps },
    })),
    ...[1, 5, 10].map((steps) => ({
      name: `worst case of extragradient N=${steps}`,
      parameters: { extra: 1, steps },
      family: { work: "worst case of extragradient", by: "N", size: steps },
    })),
    // the default solver of PEPit stops at four digits
  ].map((each) => ({ ...each, tolerance: 1e-3 })),
  implementations: [{ name: "worst-case", own: true, prepare }],
}
