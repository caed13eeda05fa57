import { Draw } from "@nonconvex/evidence"
import * as ReducedMap from "../../theory/ReducedMap.ts"

/** The share is of the largest u that this kappa allows. */
export const startsWith = (kappa: readonly [number, number], least: number) =>
  Draw.record({ kappa: Draw.linear(...kappa), share: Draw.logarithmic(1, least) })

export type Start = Draw.Drawn<ReturnType<typeof startsWith>>

export const startOf = ({ kappa, share }: Start): ReducedMap.Reduced => ({
  kappa,
  u: share * ReducedMap.largest(kappa),
})
