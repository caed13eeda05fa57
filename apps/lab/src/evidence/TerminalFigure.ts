/** Figures of experiments in a terminal. */
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import { render } from "@nonconvex/figures/text"
import { Effect } from "effect"
import { TerminalCapabilities } from "effect/cli"
import * as Output from "../cli/Output.ts"
import { paint } from "../cli/Paint.ts"
import * as Table from "../cli/TextTable.ts"

/** The figure at the terminal's width and colours if standard output is a terminal; piped output stays plain text. */
export const shown = Effect.fnUntraced(function* (
  result: Pick<ExperimentResult, "figures" | "rows">,
) {
  const { canAnimate } = yield* TerminalCapabilities.TerminalCapabilities
  if (!canAnimate) return []
  const width = Math.min(yield* Output.width, 80)
  return render(result, { width, height: 12, number: Table.margin, colour: (yield* paint).curve })
})
