/** The report: one HTML page that needs nothing beside itself. */
import type { SystemReport } from "@nonconvex/evidence"
import * as Table from "../../cli/TextTable.ts"
import { type Drawings, undrawable } from "./Drawings.ts"
import * as Findings from "./Findings.ts"
import { type Html, html, nothing, trusted } from "./Html.ts"
import type { Provenance } from "./Provenance.ts"
import type { Results } from "./Results.ts"
import { style } from "./Style.ts"
import * as Summary from "./Summary.ts"
import * as SystemSection from "./SystemSection.ts"

const tile = (figure: string, text: string): Html =>
  html`<li><strong>${figure}</strong><span>${text}</span></li>`

const tiles = (results: Results): Html => {
  const counts = Summary.counts(results)
  const of = (part: number, all: number) => `${part} / ${all}`
  return html`<ul class="tiles">
    ${[
      tile(of(counts.held, counts.claims), "claims held, every control caught"),
      tile(
        of(counts.refuted, counts.errata),
        "statements read in print and refuted by a counterexample",
      ),
      tile(
        of(counts.expected, counts.expectations),
        `expectations of experiments hold, ${Table.plural(counts.controls, "control")} caught`,
      ),
      ...(counts.regressions === 0
        ? []
        : [tile(of(counts.unchanged, counts.regressions), "regressions: numbers as before")]),
      tile(Table.duration(results.provenance.seconds), "on the machine described below"),
    ]}
  </ul>`
}

const problems = (results: Results, drawings: Drawings): Html => {
  const found = [...Summary.problems(results), ...undrawable(drawings)]
  return found.length === 0
    ? nothing
    : html`<div class="callout">
        <strong>Not as stated</strong>
        <ul>
          ${found.map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>`
}

const entry = (name: string, value: string): Html =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`

const commit = ({ commit: found }: Provenance): string => {
  if (found === undefined) return "not in a git repository"
  return found.dirty ? `${found.hash}, with changes that are not committed` : found.hash
}

const provenance = (from: Provenance): Html =>
  html`<h2 id="provenance">Provenance</h2>
    <dl>
      ${[
        entry(
          "command",
          `nonconvex reproduce --preset ${from.preset} --seed ${from.seed} --jobs ${from.jobs}`,
        ),
        entry("runs asked of each claim", Table.count(from.runs)),
        entry("commit", commit(from)),
        entry("started", from.startedAt),
        entry("duration", Table.duration(from.seconds)),
        entry("machine", `${from.cpu}, ${Table.plural(from.cores, "core")}, ${from.platform}`),
        ...(from.data ?? []).map(({ digest, name }) => entry(`data: ${name}`, `sha256 ${digest}`)),
        entry("node", from.node),
        ...Object.entries(from.packages).map(([name, version]) => entry(name, version)),
      ]}
    </dl>`

/** The page of `results`, with `drawings` in their places. */
export const render = (results: Results, drawings: Drawings): string => {
  const { failures, provenance: from, studies = [], systems } = results
  const own = ({ id }: SystemReport) => studies.filter(({ heading }) => heading.system === id)
  const section = (system: SystemReport) =>
    SystemSection.render(
      system,
      failures.filter((failure) => failure.system === system.id),
      drawings,
      from.preset,
      own(system),
    )
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>nonconvex: report of ${from.startedAt.slice(0, 10)}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>Nonconvex optimisation, executable</h1>
          ${problems(results, drawings)}
          <ol class="papers">
            ${systems.map((system) => Findings.card(system, own(system)))}
          </ol>
          <p class="lede">
            Theorems as claims that a tester tries to break, what is false in print with its
            smallest counterexample, figures that one command reruns. Preset
            <strong>${from.preset}</strong>, seed ${from.seed}, ${Table.count(from.runs)} instances
            for each claim, but one for those about fixed seeds.
          </p>
          ${tiles(results)}
        </header>
        <main>
          <p class="muted">
            A claim holds when no drawn instance violates it <em>and</em> each of its controls, a
            change that must break it, is caught. A margin is the distance from violation: 1 is
            wide, 0 is the edge. The bar shows the worst margin (dot), the first and tenth
            percentile (ticks) and the median (end). In a clone of the project,
            <code>nonconvex</code> is <code>npm run lab --</code>.
          </p>
          ${systems.map(section)}${provenance(from)}
        </main>
        <footer></footer>
      </body>
    </html> `
  return page.markup
}
