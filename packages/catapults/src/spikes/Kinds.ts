/** Kind of a rise of the loss, by its cause and by how it ended. */
import type { Incident, Kind, Rise } from "./Evidence.ts"
import type { Verdict } from "./Rules.ts"
import { isHopeless } from "./Signs.ts"

/** Tests whether the loss diverged or levelled off above all calm losses; a run that settles below them continues. */
export const isDivergence = ({ highest, outcome, peakLoss }: Rise): boolean =>
  outcome === "lost" || (outcome === "settled" && peakLoss > highest)

/** Kind of a rise, by its cause and its outcome. */
export const kindOf = (incident: Incident, { cause }: Verdict): Kind => {
  const { rise, run } = incident
  switch (cause) {
    case "data":
      return "data spike"
    case "edge":
      return "edge of stability"
    case "numbers":
      return "numeric failure"
    case "instability": {
      if (isDivergence(rise) || (rise.outcome === "open" && isHopeless(incident)))
        return "divergence"
      if (rise.outcome === "open") return "instability"
      return run.optimizer === "adam" ? "optimizer mismatch" : "catapult"
    }
    default:
      return cause
  }
}
