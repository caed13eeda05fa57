/** The modulus of convexity of the regularised objective, on a quadratic that is flat in one direction. */
import { Exact } from "@nonconvex/evidence"

const { toText } = Exact

type Modulus = (l: Exact.Value, r: Exact.Value) => Exact.Value

/** F(x, y) = (l x^2 + h y^2) / 2 at (0, 1): the definition of strong convexity between this point and the origin. */
export const convexityCounterexample = Exact.counterexample<"l" | "h" | "r", Modulus>({
  instance: { l: "1", h: "0", r: "1" },
  printed: Exact.add,
  work: ({ h, l, r }, modulusOf) => {
    const half = (x: Exact.Value) => Exact.divide(x, Exact.of(2))
    const value = half(Exact.add(h, r))
    const asked = half(modulusOf(l, r))
    return {
      steps: [
        "F(x, y) = (l x^2 + h y^2) / 2 is convex and l-smooth, and F_r = F + r (x^2 + y^2) / 2 has the value 0 and the gradient 0 at the origin",
        `a modulus mu needs F_r(0, 1) >= mu / 2; F_r(0, 1) = (h + r) / 2 = ${toText(value)}`,
        `mu = l + r would need ${toText(asked)}`,
      ],
      compared: Exact.atLeast(value, asked),
    }
  },
  controls: [
    ["a modulus of r", { statement: (_, r) => r }],
    ["a curvature of l in every direction", { instance: { h: "1" } }],
  ],
})
