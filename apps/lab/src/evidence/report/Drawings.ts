/** All figures of a report, drawn. */
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { Screen } from "@nonconvex/figures/internal/page"
import { Effect } from "effect"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"

/** The drawn figures of a report by `keyOf`. */
export type Drawings = ReadonlyMap<string, Svg.Drawn>

/** Key of a figure among those of all experiments. */
export const keyOf = (experiment: string, figure: string): string =>
  `${experiment.replaceAll("/", "-")}-${figure}`

/** Draws the figures one after another; other fibers run in between. */
export const draw = Effect.fn("Drawings.draw")(function* (
  experiments: ReadonlyArray<Pick<ExperimentResult, "figures" | "id" | "rows">>,
  screen: Screen = "wide",
) {
  const drawn = yield* Effect.forEach(
    experiments.flatMap(({ figures, id, rows }) =>
      figures.map((figure) => ({ key: keyOf(id, figure.id), spec: figure.spec, rows })),
    ),
    (drawable) =>
      Svg.draw({ ...drawable, screen }).pipe(
        Effect.map((picture) => [drawable.key, picture] as const),
        Effect.tap(Effect.yieldNow),
      ),
  )
  return new Map(drawn) satisfies Drawings
})

/** The files of the drawings: name and content. */
export const files = (drawings: Drawings): ReadonlyArray<readonly [name: string, svg: string]> =>
  Array.from(drawings).flatMap(([key, drawn]) =>
    drawn._tag === "Picture" ? [[`${key}.svg`, standalone(drawn.svg)] as const] : [],
  )

/** Figures without a picture, and the reasons. */
export const undrawable = (drawings: Drawings): ReadonlyArray<string> =>
  Array.from(drawings).flatMap(([key, drawn]) =>
    drawn._tag === "Undrawable" ? [`figure ${key} cannot be drawn: ${drawn.reason}`] : [],
  )
