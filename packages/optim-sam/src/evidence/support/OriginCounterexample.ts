/** SAM on (xy)^2 / 2 from a start near the diagonal: interval arithmetic shows that it enters an invariant region away from the origin. */
import { Exact } from "@nonconvex/evidence"

const { toText } = Exact

/** A point by s = x + y and d = y - x. */
interface Point {
  readonly s: Exact.Value
  readonly d: Exact.Value
}

const two = Exact.of(2)

const half = Exact.of("1/2")

/**
 * A step of SAM on (xy)^2 / 2 with xy > 0; undefined if that sign is not certain. The gradient xy (y, x) has the direction
 * (y, x) / r. So the ascent goes to S = s + rho s / r and D = d - rho d / r. The descent subtracts eta XY S from s and adds
 * eta XY D to d.
 */
const samStep = ({ d, s }: Point, eta: Exact.Value, rho: Exact.Value): Point | undefined => {
  if (Exact.compare(Exact.square(s), Exact.square(d)) !== 1) return undefined
  const sign = Exact.compare(s, Exact.zero)
  // s / r by the slope, on which it hardly depends near the diagonal: an interval of it stays narrow
  const slope = Exact.square(Exact.divide(d, s))
  const cosine = Exact.sqrt(Exact.divide(two, Exact.add(Exact.one, slope)))
  const shrunk = Exact.subtract(Exact.one, Exact.divide(rho, placeOf({ s, d }).r))
  const ascended = {
    s: Exact.add(s, Exact.product(Exact.of(sign!), rho, cosine)),
    d: Exact.multiply(d, shrunk),
  }
  const product = Exact.divide(
    Exact.subtract(Exact.square(ascended.s), Exact.square(ascended.d)),
    Exact.of(4),
  )
  return {
    s: Exact.subtract(s, Exact.product(eta, product, ascended.s)),
    d: Exact.multiply(d, Exact.add(Exact.one, Exact.product(eta, product, shrunk))),
  }
}

/** With r for the distance from the origin and t for the angle to the diagonal. */
const placeOf = ({ d, s }: Point) => {
  const squares = Exact.add(Exact.square(s), Exact.square(d))
  return {
    r: Exact.sqrt(Exact.multiply(half, squares)),
    /** 2 sin^2 t. */
    turned: Exact.divide(Exact.multiply(two, Exact.square(d)), squares),
  }
}

/** Tests whether `a <= b` is certain. */
const isAtMost = (a: Exact.Value, b: Exact.Value) => (Exact.compare(a, b) ?? 1) <= 0

const mostSteps = 1000

/**
 * The first steps, to the region r <= eta rho^3 / 2, 2 sin^2 t <= h (1 - h) / 2 with h = eta rho^2, which no step leaves.
 * There SAM multiplies the parts of (x, y) along the diagonal and across it by 1 - (r + rho) B / r and 1 - (rho - r) B / r.
 * Here B = eta ((rho^2 + r^2) cos 2t + 2 r rho) / 2 and (rho - r) B >= r. Both therefore change sign, t does not grow, and r
 * becomes at most (rho + r) B - r <= eta (rho + r)^3 / 2 - r. A step that starts at r ends at distance cos t (B - r) or
 * more. One of any two consecutive steps is therefore at distance eta rho^3 (cos 2t)^2 / 4 or more. Undefined if the steps
 * do not reach the region.
 */
const settled = (x: Exact.Value, y: Exact.Value, rho: Exact.Value) => {
  const eta = Exact.divide(Exact.one, Exact.add(Exact.square(x), Exact.square(y)))
  const h = Exact.product(eta, rho, rho)
  const furthest = Exact.product(half, h, rho)
  const widest = Exact.product(half, h, Exact.subtract(Exact.one, h))
  const cube = Exact.add(Exact.one, Exact.multiply(half, h))
  if (!isAtMost(Exact.product(cube, cube, cube), two)) return undefined
  const enclose = (value: Exact.Value): Exact.Value => Exact.interval(value)
  let point: Point | undefined = { s: enclose(Exact.add(x, y)), d: enclose(Exact.subtract(y, x)) }
  for (let steps = 0; steps <= mostSteps && point !== undefined; steps++) {
    const { r, turned } = placeOf(point)
    if (isAtMost(r, furthest) && isAtMost(turned, widest)) {
      const cosine = Exact.subtract(Exact.one, turned)
      return { steps, point, eta, kept: Exact.product(half, furthest, cosine, cosine) }
    }
    point = samStep(point, enclose(eta), enclose(rho))
  }
  return undefined
}

/** Stated final distance from the origin. */
type Statement = "the origin" | "eta rho^3"

export const originCounterexample = Exact.counterexample<"x" | "y" | "rho", Statement>({
  instance: { x: "10", y: "10.001", rho: "1" },
  printed: "the origin",
  work: ({ rho, x, y }, statement) => {
    const found = settled(x, y, rho)
    // nothing is shown of a start that does not get there
    if (found === undefined) return { steps: [], compared: Exact.worst() }
    const { eta, kept, point, steps } = found
    const reached = statement === "the origin" ? Exact.zero : Exact.product(eta, rho, rho, rho)
    return {
      steps: [
        `after ${steps} steps with eta = 1 / (x^2 + y^2), computed in intervals, x + y is in ${toText(point.s)} and y - x in ${toText(point.d)}`,
        "there r <= eta rho^3 / 2 and 2 sin^2 t <= h (1 - h) / 2, for the distance r, the angle t to the diagonal, and h = eta rho^2",
        "each further step turns the point around, closer to the diagonal, and no further out than eta rho^3 / 2",
        `one of any two steps is at least eta rho^3 cos(2t)^2 / 4 = ${toText(kept)} away from the origin`,
      ],
      compared: Exact.atMost(kept, reached),
    }
  },
  controls: [
    ["within eta rho^3 of the origin", { statement: "eta rho^3" }],
    ["a start further from the diagonal", { instance: { y: "12" } }],
  ],
})
