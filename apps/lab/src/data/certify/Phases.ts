/** Phases of a certificate, as progress. */
import type { Effect } from "effect"
import * as Progress from "../../cli/Progress.ts"

/** Names of the phases, in order. */
const doing = {
  Hessian: "checking Hessian-vector products",
  spectrum: "computing the ends of the spectrum and its gap",
  residual: "measuring the flatness residual",
  descent: "descending, since no verdict was possible",
  bottom: "measuring after the descent",
  density: "drawing the spectrum",
} as const
const parts = Object.keys(doing)

interface Now {
  readonly phase: keyof typeof doing
  readonly gradients: number
}

/** Runs work that reports its phases. */
export const track = <A, E, R>(work: (onPhase: (now: Now) => void) => Effect.Effect<A, E, R>) =>
  Progress.track({ label: "certify", total: parts.length, unit: "parts" }, (meter) =>
    work(({ gradients, phase }) => {
      meter.done(parts.indexOf(phase))
      meter.note(`${doing[phase]}, ${gradients} gradients so far`)
    }),
  )
