import type { MethodState, Twin } from "../Method.ts"
import type { DescentRule } from "./Descend.ts"
import type { Objective } from "../Objective.ts"
import type { Perturbation } from "../Perturbation.ts"
import type { Update } from "../Update.ts"

/** State whose next step depends only on its point and a constant rate. */
interface Stepping extends MethodState {
  readonly objective: Objective
  readonly update: { step: number }
}

/** Rule of descent along gradients at the point or at the perturbed point; undefined if a parameter changes between steps. */
const ruleOf = (
  { constantRate: rate }: Pick<Update, "constantRate">,
  perturbation: Perturbation | undefined,
): DescentRule | undefined => {
  const ascent = perturbation?.constantAscent
  // a rate of 0 leaves the point bit for bit, and a subtraction would not
  if (rate === undefined || rate === 0) return undefined
  if (perturbation === undefined) return { rate, ascent: "none", radius: 0 }
  if (ascent === undefined) return undefined
  const { kind, radius } = ascent
  return radius > 0 ? { rate, ascent: kind, radius } : { rate, ascent: "none", radius: 0 }
}

/** The twin of plain and of sharpness-aware descent with constant numbers, on objectives that have a `descend`. */
export const descentTwin = <State extends Stepping>(
  update: Pick<Update, "constantRate">,
  perturbation?: Perturbation,
): Twin<State> | undefined => {
  const rule = ruleOf(update, perturbation)
  if (rule === undefined) return undefined
  return (states, steps, kernels) => {
    const objective = states[0]?.objective
    if (objective?.descend === undefined || states.some((state) => state.objective !== objective))
      return 0
    const points = states.map(({ point }) => point)
    const taken = objective.descend(points, rule, steps, kernels)
    for (const state of states) {
      state.steps += taken
      state.update.step += taken
    }
    return taken
  }
}
