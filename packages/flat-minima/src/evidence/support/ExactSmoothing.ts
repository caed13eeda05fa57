/** Means of gradients over points of a sphere, in exact arithmetic. */
import { Exact } from "@nonconvex/evidence"
import type { Profile, Quartic } from "./Quartic.ts"

type Values = ReadonlyArray<Exact.Value>

const { add, divide, dot, multiply, norm, of, product, square, subtract, sum } = Exact

const scaled = (factor: Exact.Value, x: Values): Values => x.map((entry) => multiply(factor, entry))

const sumOf = ([first, ...rest]: ReadonlyArray<Values>): Values =>
  first!.map((entry, j) => sum(entry, ...rest.map((each) => each[j]!)))

/** Sums a_k times `along` of each summand at s = a_k . x + e_k. */
const alongRows = (
  profiles: ReadonlyArray<Profile>,
  x: Values,
  along: (s: Exact.Value, profile: Profile, a: Values) => Exact.Value,
): Values =>
  sumOf(
    profiles.map((profile) => {
      const a = Exact.vector(profile.a)
      return scaled(along(add(dot(a, x), of(profile.e)), profile, a), a)
    }),
  )

const gradientAt = (profiles: ReadonlyArray<Profile>, x: Values): Values =>
  alongRows(profiles, x, (s, { c: [c4, c3, c2] }) => {
    const quadratic = divide(multiply(of(c4), square(s)), of(6))
    return multiply(s, sum(quadratic, divide(multiply(of(c3), s), of(2)), of(c2)))
  })

const gradientOfTrace = (profiles: ReadonlyArray<Profile>, x: Values): Values =>
  alongRows(profiles, x, (s, { c: [c4, c3] }, a) =>
    multiply(add(multiply(of(c4), s), of(c3)), dot(a, a)),
  )

/**
 * Compares the mean gradient of a quartic over normalised directions with the gradient plus `factor` times that of the trace.
 */
export const exactMean = (
  { point, profiles }: Quartic,
  radius: number,
  directions: ReadonlyArray<Float64Array>,
  factor: number,
): Exact.Compared => {
  const at = Exact.vector(point)
  const gradients = directions.map((direction) => {
    const g = Exact.vector(direction)
    const step = divide(of(radius), norm(g))
    return gradientAt(
      profiles,
      at.map((x, j) => add(x, multiply(step, g[j]!))),
    )
  })
  const share = divide(Exact.one, of(directions.length))
  const gradient = gradientAt(profiles, at)
  const predicted = sumOf([gradient, scaled(of(factor), gradientOfTrace(profiles, at))])
  const off = scaled(share, sumOf(gradients)).map((mean, j) => subtract(mean, predicted[j]!))
  const size = add(multiply(share, sum(...gradients.map(norm))), norm(gradient))
  return Exact.atMost(norm(off), multiply(of("1e-12"), size))
}

/**
 * The mean over directions a of the length of the gradient of `(a . x)^6` along a. It is compared with its expansion, with these
 * factors of the trace and the remainder.
 */
export const exactRemainder = (
  row: Float64Array,
  height: number,
  radius: number,
  directions: ReadonlyArray<Float64Array>,
  [trace, remainder]: readonly [number, number],
): Exact.Compared => {
  const [a, h, rho, six] = [Exact.vector(row), of(height), of(radius), of(6)]
  const cube = (x: Exact.Value) => product(x, x, x)
  const fifth = (x: Exact.Value) => multiply(cube(x), square(x))
  const slopes = directions.map((direction) =>
    fifth(add(h, multiply(rho, dot(a, Exact.vector(direction))))),
  )
  const mean = divide(multiply(six, sum(...slopes)), of(directions.length))
  const length = dot(a, a)
  const terms = sum(
    multiply(six, fifth(h)),
    product(of(trace), of(120), length, cube(h)),
    product(of(remainder), of(720), square(length), h),
  )
  const size = multiply(six, fifth(add(Exact.absolute(h), multiply(rho, norm(a)))))
  const off = Exact.absolute(subtract(mean, terms))
  return Exact.atMost(off, multiply(of("1e-12"), size))
}
