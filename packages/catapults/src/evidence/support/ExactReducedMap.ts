import { Exact } from "@nonconvex/evidence"
import type { Start } from "./OneSampleStarts.ts"

interface ExactState {
  readonly kappa: Exact.Value
  readonly u: Exact.Value
}

/** u <- (1 - kappa + u)^2 u and kappa <- kappa - u (four - kappa). */
export const exactStep =
  (four: number) =>
  ({ kappa, u }: ExactState): ExactState => ({
    u: Exact.multiply(u, Exact.square(Exact.add(Exact.subtract(Exact.one, kappa), u))),
    kappa: Exact.subtract(kappa, Exact.multiply(u, Exact.subtract(Exact.of(four), kappa))),
  })

export const exactStart = ({ kappa, share }: Start): ExactState => {
  const start = Exact.of(kappa)
  return { kappa: start, u: Exact.multiply(Exact.of(share), exactLargest(start)) }
}

/** The largest u of a kappa. */
export const exactLargest = (kappa: Exact.Value): Exact.Value =>
  Exact.multiply(Exact.of("1/4"), Exact.square(kappa))
