/** Gradient descent, SAM and USAM side by side: what most figures of the paper compare. */
import type { Method } from "@nonconvex/problems/Method"
import { sgd } from "@nonconvex/problems/Sgd"
import { Schema } from "effect"
import { sam, usam } from "@nonconvex/problems/Sam"

/** A method by name and radius; gradient descent ignores the radius. */
export const Contender = Schema.Struct({
  method: Schema.Literals(["GD", "SAM", "USAM"]),
  radius: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
})
export type Contender = typeof Contender.Type

export const contenders = (
  method: Contender["method"],
  radii: ReadonlyArray<number>,
): ReadonlyArray<Contender> => radii.map((radius) => ({ method, radius }))

export const gradientDescent: Contender = { method: "GD", radius: 0 }

export const label = ({ method, radius }: Contender): string =>
  method === "GD" ? method : `${method} ${radius}`

export const methodOf = ({ method, radius }: Contender, learningRate: number): Method => {
  const base = sgd({ learningRate })
  return method === "USAM" ? usam({ radius, base }) : sam({ radius, base })
}
