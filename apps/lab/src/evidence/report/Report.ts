/** The report folder: `index.html`, `results.json` and one SVG a figure. */
import { Effect, type FileSystem } from "effect"
import { UnreadableResults } from "../../cli/Failure.ts"
import * as Code from "./Code.ts"
import * as Drawings from "./Drawings.ts"
import type { Staged } from "../../files/Folder.ts"
import * as Json from "../../files/Json.ts"
import * as Findings from "./Findings.ts"
import * as Page from "./Page.ts"
import * as Results from "./Results.ts"
import * as StudySection from "./StudySection.ts"

/** The picture of each system, for the first screen. */
export const pictures = Effect.fnUntraced(function* ({ studies = [], systems }: Results.Results) {
  const drawn = yield* Drawings.draw(
    systems.flatMap((system) => {
      const own = studies.filter(({ heading }) => heading.system === system.id)
      const picture = Findings.pictured(system, own)
      return picture === undefined ? [] : [{ id: system.id, ...picture }]
    }),
    "card",
  )
  return Object.fromEntries(
    systems.flatMap(({ id }) =>
      Array.from(drawn).flatMap(([key, picture]) =>
        key.startsWith(`${id}-`) && picture._tag === "Picture" ? [[id, picture.svg] as const] : [],
      ),
    ),
  )
})

/** Writes a complete report and puts it in place at once; returns why figures could not be drawn, if any. */
export const write = Effect.fn("Report.write")(function* (
  folder: Staged,
  results: Results.Results,
) {
  const drawings = yield* Drawings.draw([
    ...results.systems.flatMap((system) => system.experiments),
    // means over seeds that a figure has itself: there is no table beside them
    ...(results.studies ?? []).flatMap(({ found, name }) =>
      found === undefined
        ? []
        : [{ id: StudySection.idOf({ name }), rows: [], figures: found.figures }],
    ),
  ])
  for (const [name, svg] of Drawings.files(drawings)) {
    yield* folder.write(`figures/${name}`, svg)
  }
  yield* folder.write("results.json", yield* Effect.orDie(Results.encode(results)))
  const undrawn = Drawings.undrawable(drawings)
  const code = yield* Code.at(
    results.systems.map(({ id }) => id),
    results.provenance.commit?.hash,
  )
  const page = Page.render(results, yield* pictures(results), undrawn, code)
  yield* folder.write("index.html", page)
  yield* folder.publish
  return undrawn
})

const decode = Json.by(Results.Results)

/** The results that a report was made from. Fails with `UnreadableResults`. */
export const read = Effect.fn("Report.read")(function* (
  file: string,
): Effect.fn.Return<Results.Results, UnreadableResults, FileSystem.FileSystem> {
  return yield* Json.read(file, Json.ofResults, decode).pipe(
    Effect.mapError(({ of, reason }) => {
      const why = of === "file" ? reason : `holds no results of this version (${reason})`
      return new UnreadableResults({ path: file, reason: why })
    }),
  )
})
