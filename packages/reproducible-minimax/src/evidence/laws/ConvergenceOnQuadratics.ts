import { claim, Draw, Margin } from "@nonconvex/evidence"
import type { Scheme } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/Theory.ts"
import { follow } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

const tight = { steps: Draw.integer(1, 200) }

export const convergenceOnQuadratics = claim({
  id: "reproducible-minimax/convergence-on-quadratics",
  statement:
    "On convex quadratics GD has a gap of at most l D^2 / (4 n + 2) after n steps, AGD of at most 2 l D^2 / (n^2 + 5 n + 6).",
  inFloatingPoint: "run",
  source: recalled("the bounds that PEPit documents"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...Random.fewCoordinates, ...tight }),
  value: 1,
  margin: ({ instance, subject, value: factor }) => {
    const { D, problem, start, value } = Random.expandQuadratic(instance)
    const within = (scheme: Scheme, bound: number) => {
      const gap = value(follow(scheme, problem, start, instance.steps).point)
      return Margin.atMost(gap, factor * bound + 1e-15 * (1 + D * D), 1e-9)
    }
    return Margin.all(
      within(subject.gradient(1), Theory.gradientDescentGap(1, D, instance.steps)),
      within(subject.accelerated(1), Theory.acceleratedGap(1, D, instance.steps)),
    )
  },
  controls: [
    { name: "a tenth of the bounds", value: 0.1 },
    mutant("no acceleration, with a step a tenth as long", (subject) => ({
      accelerated: (l) => subject.gradient(0.1 / l),
    })),
  ],
})
