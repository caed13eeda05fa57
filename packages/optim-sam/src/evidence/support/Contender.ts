/** Gradient descent, SAM and USAM, which most figures of the paper compare. */
import { NotNegative } from "@nonconvex/problems/Fields"
import type { Method } from "@nonconvex/problems/Method"
import { sam } from "@nonconvex/problems/Sam"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import { usam } from "@nonconvex/problems/Usam"
import { sgd } from "@nonconvex/problems/Sgd"
import { Schema } from "effect"

const Kind = Schema.Literals(["GD", "SAM", "USAM"])

/** A method by name and radius; gradient descent ignores the radius. */
export const Contender = Schema.Struct({ method: Kind, radius: NotNegative })
export type Contender = typeof Contender.Type

/** Columns that identify contenders; `method` repeats the two others for readers. */
export const columns = { method: Schema.String, kind: Kind, radius: NotNegative }

export const columnsOf = (contender: Contender) => ({
  method: label(contender),
  kind: contender.method,
  radius: contender.radius,
})

/** Names each contender in a figure. */
export const series = { field: "kind", and: "radius", title: "method" } as const

export const contenders = (
  method: Contender["method"],
  radii: ReadonlyArray<number>,
): ReadonlyArray<Contender> => radii.map((radius) => ({ method, radius }))

export const gradientDescent: Contender = { method: "GD", radius: 0 }

export const label = ({ method, radius }: Contender): string =>
  method === "GD" ? method : `${method} ${radius}`

/** Tests whether a row belongs to the contender. */
export const isOf =
  ({ method, radius }: Contender) =>
  (row: { readonly kind: Contender["method"]; readonly radius: number }): boolean =>
    row.kind === method && row.radius === radius

export const methodOf = (
  { method, radius }: Contender,
  learningRate: number,
): Method<SharpnessAwareState> => {
  const base = sgd({ learningRate })
  return method === "USAM" ? usam({ radius, base }) : sam({ radius, base })
}
