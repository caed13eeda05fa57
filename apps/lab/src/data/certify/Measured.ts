/** Measures in work, with what is known when the time ends. */
import type { Curvature, Measured } from "@nonconvex/flat-minima/operations"
import { Effect } from "effect"
import * as Progress from "../../cli/Progress.ts"
import type { Within } from "./TimeLimit.ts"

/** Runs work that reports its measures; returns the last ones if the time ends first, or undefined if there are none. */
export const track = <Known extends Measured, E, R>(
  total: number,
  within: Within,
  work: (onProgress: (now: Known) => void) => Effect.Effect<Known, E, R>,
) =>
  Effect.suspend(() => {
    let last: Known | undefined
    return Progress.track({ label: "measure", total, unit: "networks" }, (meter) =>
      within(
        work((now) => {
          last = now
          meter.done(now.readings.length)
          meter.note(`${now.gradients} gradients so far`)
        }),
      ),
    ).pipe(Effect.map((found) => found ?? last))
  })

/** Measures at one point, as far as they are known. */
export type Partly = Pick<Curvature, "gradientNorm" | "loss"> & Partial<Curvature>

/** All measures with those of the point in work, if it has any. */
export const all = ({ now, readings }: Measured): ReadonlyArray<Partly> => {
  const { gradientNorm, loss } = now
  return loss === undefined || gradientNorm === undefined
    ? readings
    : [...readings, { ...now, gradientNorm, loss }]
}
