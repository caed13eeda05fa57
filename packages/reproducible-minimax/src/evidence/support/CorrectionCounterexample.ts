/** The length of the correction steps against the smoothness of a subproblem with one number for each player. */
import { Exact } from "@nonconvex/evidence"

const { toText } = Exact

type Beta = (l: Exact.Value, r: Exact.Value) => Exact.Value

const twice = (x: Exact.Value) => Exact.multiply(Exact.of(2), x)

/** Operator of the subproblem of F(x, y) = l (x^2 - y^2) / 2 with strength r: its gradient in x, and minus that in y. */
const answer = (l: Exact.Value, r: Exact.Value, x: Exact.Value, y: Exact.Value) =>
  [x, y].map((each) => Exact.add(Exact.multiply(l, each), Exact.multiply(r, each)))

/** Algorithm 2 with r below l; Algorithm 3 has r = l. */
export const correctionCounterexample = Exact.counterexample<"l" | "r", Beta>({
  instance: { l: "1", r: "1/2" },
  printed: twice,
  work: ({ l, r }, betaOf) => {
    const [there] = answer(l, r, Exact.one, Exact.zero)
    const [here] = answer(l, r, Exact.zero, Exact.zero)
    const smoothness = Exact.subtract(there!, here!)
    const [beta, needed] = [betaOf(l, r), twice(smoothness)]
    return {
      steps: [
        "F(x, y) = l (x^2 - y^2) / 2 is l-smooth, and its subproblem F + r (x^2 - y^2) / 2 has the operator (l + r) (x, y)",
        `from (0, 0) to (1, 0), a distance of 1, the operator moves by ${toText(smoothness)}: the subproblem is no smoother than that`,
        `Lemma C.5 needs beta >= ${toText(needed)}, and beta = 2 l is ${toText(beta)}; in Algorithm 3 r is l, and 4 l is needed`,
      ],
      compared: Exact.atLeast(beta, needed),
    }
  },
  controls: [
    ["beta = 2 (l + r)", { statement: (l, r) => twice(Exact.add(l, r)) }],
    ["no regularisation", { instance: { r: "0" } }],
  ],
})
