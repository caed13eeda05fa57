/**
 * Pure differential privacy, where delta is 0: P(A(M) in S) <= e^epsilon P(A(M') in S) for all neighbours and events.
 *
 * An epsilon is the decimal that is written for it, such as 1/10 for 0.1. Epsilons of several releases add up, and their sum is
 * exact: 0.1 and 0.2 fill a budget of 0.3, which the sum of their float64 values exceeds.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Rational from "@nonconvex/numerics/Rational"
import { largestEpsilon, type Neighbours } from "./Target.ts"

/** Guarantee of a release without a delta, between neighbours that differ by the rows of one person. */
export interface PureGuarantee {
  readonly kind: "pure"
  readonly epsilon: number
  readonly neighbours: Neighbours
  /** Maximum number of rows of one person; the guarantee covers all of them together. */
  readonly rowsPerPerson: number
}

/** Smallest accepted epsilon; below it, the noise exceeds every sum of 2^24 rows. */
export const smallestEpsilon = 1e-9

/** Requires 1e-9 <= epsilon <= 100. Throws InvalidInput. */
export const requireEpsilon = (operation: string, epsilon: number): void => {
  if (!(epsilon >= smallestEpsilon && epsilon <= largestEpsilon)) {
    const requirement = `epsilon must be from ${smallestEpsilon} to ${largestEpsilon}; try 1`
    invalid(operation, requirement, { epsilon })
  }
}

/** The decimal of a finite epsilon, exactly. */
export const exact = (epsilon: number): Rational.Rational => Rational.parse(String(epsilon))!

/** Sum of epsilons, exactly. */
export const total = (epsilons: ReadonlyArray<number>): Rational.Rational =>
  epsilons.map(exact).reduce(Rational.add, Rational.zero)

/** The float64 nearest to a sum of decimals. */
export const toNumber = ({ denominator, numerator }: Rational.Rational): number => {
  // a divisor of a power of ten, whose exponent its number of bits bounds
  const places = Rational.bitsOf(denominator)
  return Number(`${(numerator * 10n ** BigInt(places)) / denominator}e-${places}`)
}
