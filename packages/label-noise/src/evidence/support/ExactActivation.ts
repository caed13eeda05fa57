/** Activations in exact arithmetic. */
import { Exact } from "@nonconvex/evidence"
import * as Activation from "../../network/Activation.ts"

/** An activation, its slope, and its slope as a function of its value u. */
export interface ExactSlopes {
  readonly value: (z: Exact.Value) => Exact.Value
  readonly slope: (z: Exact.Value) => Exact.Value
  readonly slopeWhere: (u: Exact.Value) => Exact.Value
}

/** Three derivatives of an activation, the constant beta, and the point where it is attained. */
interface ExactActivation extends ExactSlopes {
  readonly derivatives: (z: Exact.Value) => readonly [Exact.Value, Exact.Value, Exact.Value]
  readonly beta: Exact.Value
  readonly tight: Exact.Value
}

/** The z at which an increasing function equals u, enclosed by two float64 numbers with values certainly below and above. */
const enclosed = (
  value: (z: Exact.Value) => Exact.Value,
  inverse: (u: number) => number,
  u: Exact.Value,
): Exact.Value => {
  const middle = inverse(Exact.interval(u).low)
  for (let off = 2 ** -52 * (1 + Math.abs(middle)); ; off *= 2) {
    const [low, high] = [middle - off, middle + off]
    const isBelow = Exact.compare(value(Exact.of(low)), u) === -1
    if (isBelow && Exact.compare(value(Exact.of(high)), u) === 1) return { low, high }
  }
}

/** z^3 + nu z: beta = 16/3 nu^(3/2), at z^2 = nu / 9. */
export const exactCubic = (slope: number): ExactActivation => {
  const nu = Exact.of(slope)
  const six = Exact.of(6)
  const value = (z: Exact.Value) => Exact.multiply(z, Exact.add(Exact.square(z), nu))
  const first = (z: Exact.Value) => Exact.add(Exact.multiply(Exact.of(3), Exact.square(z)), nu)
  const inverse = Activation.cubic(slope).inverse!
  return {
    value,
    slope: first,
    slopeWhere: (u) => first(enclosed(value, inverse, u)),
    derivatives: (z) => [first(z), Exact.multiply(six, z), six],
    beta: Exact.product(Exact.of("16/3"), nu, Exact.sqrt(nu)),
    tight: Exact.sqrt(Exact.divide(nu, Exact.of(9))),
  }
}

/** (e^z + sign e^-z) / 2. */
const exactWave = (z: Exact.Value, sign: 1 | -1): Exact.Value =>
  Exact.multiply(
    Exact.of("1/2"),
    Exact.add(Exact.exp(z), Exact.multiply(Exact.of(sign), Exact.exp(Exact.negate(z)))),
  )

/** sinh z: beta = 3 sqrt(3) / 2, at z = log(sqrt(1/2) + sqrt(3/2)). */
export const exactSinh: ExactActivation = {
  value: (z) => exactWave(z, -1),
  slope: (z) => exactWave(z, 1),
  slopeWhere: (u) => Exact.sqrt(Exact.add(Exact.one, Exact.square(u))),
  derivatives: (z) => [exactWave(z, 1), exactWave(z, -1), exactWave(z, 1)],
  beta: Exact.multiply(Exact.of("3/2"), Exact.sqrt(Exact.of(3))),
  tight: Exact.log(Exact.add(Exact.sqrt(Exact.of("1/2")), Exact.sqrt(Exact.of("3/2")))),
}

const tanh = (z: Exact.Value): Exact.Value => Exact.divide(exactWave(z, -1), exactWave(z, 1))

const rest = (u: Exact.Value): Exact.Value => Exact.subtract(Exact.one, Exact.square(u))

/** tanh z, whose slope is 1 minus the square of its value. */
export const exactTanh: ExactSlopes = {
  value: tanh,
  slope: (z) => rest(tanh(z)),
  slopeWhere: rest,
}
