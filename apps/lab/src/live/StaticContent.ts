/** Static content of the server: the page, its scripts, and the content of the last report or of the verdicts in the store. */
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { liveStyle, style } from "@nonconvex/gallery/internal/Page"
import { engine, live, play, replay } from "@nonconvex/gallery/bundles"
import { idOf, targetsOf } from "@nonconvex/runner/Verify"
import { Runs } from "@nonconvex/store/Runs"
import { DateTime, Effect } from "effect"
import { inflateRawSync } from "node:zlib"
import * as Code from "../evidence/report/Code.ts"
import * as Home from "../evidence/report/Home.ts"
import { type Html, html } from "../evidence/report/Html.ts"
import * as Packing from "../evidence/report/Packing.ts"
import * as Page from "../evidence/report/Page.ts"
import * as Report from "../evidence/report/Report.ts"
import type { Results } from "../evidence/report/Results.ts"
import { allSystems } from "../evidence/Systems.ts"

export const document: string = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>nonconvex</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/style.css" />
      <script type="module" src="/live.js"></script>
    </head>
    <body>
      <div id="app"></div>
      <main id="home"></main>
      <noscript><p class="callout">This page needs JavaScript.</p></noscript>
    </body>
  </html> `.markup

const unpacked = (base64: string): string =>
  inflateRawSync(Buffer.from(base64, "base64")).toString("utf8")

/** Scripts and style sheet by their addresses, each with its type. */
export const files = new Map<`/${string}`, readonly [type: string, text: () => string]>([
  ["/live.js", ["text/javascript", () => unpacked(live)]],
  ["/engine.js", ["text/javascript", () => unpacked(engine)]],
  ["/play.js", ["text/javascript", () => unpacked(play)]],
  ["/replay.js", ["text/javascript", () => unpacked(replay)]],
  ["/style.css", ["text/css", () => style + liveStyle]],
])

/** The name of the part that is the markup of the first screen. */
const home = "home"

/** Parts as JSON, by their names. */
export type Parts = ReadonlyMap<string, string>

const partsOf = (
  first: Html,
  results: Parameters<typeof Packing.parts>[0],
  pictures: Packing.Pictures,
  code: Code.Code,
): Parts => new Map([[home, first.markup], ...Packing.parts(results, pictures, code)])

/** The parts of a report. */
export const ofReport = (results: Results) =>
  Effect.gen(function* () {
    const ids = results.systems.map(({ id }) => id)
    const code = yield* Code.at(ids, results.provenance.commit?.hash)
    return partsOf(Page.home(results), results, yield* Report.pictures(results), code)
  })

/** The latest verdict of each statement that the store has. */
const verdicts = Effect.gen(function* () {
  const { list } = yield* Runs
  const found = new Map<string, Verdict.Verdict>()
  for (const kind of ["claim", "erratum"] as const) {
    for (const { key, outcome } of yield* list({ kind, status: "done" })) {
      if (outcome?._tag === "Judged") found.set(key.subject, outcome.verdict)
    }
  }
  return found
})

/** Content without a report: the papers, and the verdicts in the store on their statements. */
export const ofStore = Effect.gen(function* () {
  const known = yield* verdicts
  const systems = (yield* allSystems).map((system) => ({
    id: system.id,
    title: system.title,
    paper: system.paper,
    verdicts: targetsOf(system).flatMap((target) => known.get(idOf(target)) ?? []),
    experiments: [],
  }))
  const startedAt = DateTime.formatIso(yield* DateTime.now)
  const results = { failures: [], systems, provenance: { preset: "fast" as const, startedAt } }
  const first = html`${Home.render(results)}
    <p class="muted">
      Verdicts are the latest of each statement in the store. There is no report yet:
      <code>nonconvex reproduce</code> writes one, and the next <code>nonconvex open</code> shows
      it.
    </p>`
  return partsOf(first, results, {}, yield* Code.at(systems.map(({ id }) => id)))
})
