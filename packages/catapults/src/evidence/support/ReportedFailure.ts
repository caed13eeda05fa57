import { Margin } from "@nonconvex/evidence"
import type { RunDiverged } from "../../descent/RunDiverged.ts"
import { show } from "../../spikes/Show.ts"
import { near } from "./Near.ts"

/** Loss above which a run counts as diverged. */
export const lossBound = (first: number) => 1e7 * Math.max(1, first)

/** The failure that a lost run must report: its numbers, and a rate to go back with. */
export const isFailureOf = (
  failure: RunDiverged | undefined,
  { loss, step }: { readonly loss: number; readonly step: number },
  learningRate: number,
  critical: number,
): Margin.Comparison => {
  if (failure === undefined) return Margin.holds(false)
  const next = critical < learningRate ? 0.9 * critical : learningRate / 2
  return Margin.all(
    Margin.holds(failure.step === step && failure.message.endsWith(`use ${show(next)}`)),
    near(failure.loss / loss, 1, 1e-6),
    near(failure.learningRate / learningRate, 1, 1e-12),
    Number.isNaN(critical)
      ? Margin.holds(Number.isNaN(failure.ratio))
      : near((failure.ratio * critical) / learningRate, 1, 1e-9),
  )
}
