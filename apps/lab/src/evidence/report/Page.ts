/** The report: one self-contained HTML page. */
import { Kind } from "@nonconvex/evidence"
import { style } from "@nonconvex/gallery/internal/Page"
import { page } from "@nonconvex/gallery/bundles"
import * as Table from "../../cli/TextTable.ts"
import type { Code } from "./Code.ts"
import * as Home from "./Home.ts"
import { type Html, html, nothing, trusted } from "./Html.ts"
import type { Provenance } from "./Provenance.ts"
import type { Results } from "./Results.ts"
import * as Packing from "./Packing.ts"
import * as Summary from "./Summary.ts"

const tile = (figure: string, text: string): Html =>
  html`<li><strong>${figure}</strong><span>${text}</span></li>`

const tiles = (results: Results): Html => {
  const counts = Summary.counts(results)
  const sources = Summary.held(Summary.verdicts(results)).map(({ source }) => source)
  const of = (part: number, all: number) => `${part} / ${all}`
  return html`<ul class="tiles">
    ${[
      tile(
        of(counts.kinds.theorem.held, counts.kinds.theorem.all),
        `theorems held, with every control detected: ${Kind.byBasis(sources)}`,
      ),
      tile(
        of(counts.kinds.lemma.held, counts.kinds.lemma.all),
        "bounds and lemmas derived here held",
      ),
      tile(
        of(counts.kinds.identity.held, counts.kinds.identity.all),
        "identities, symmetries and definitions held",
      ),
      ...(counts.kinds.observation.all === 0
        ? []
        : [
            tile(
              of(counts.kinds.observation.held, counts.kinds.observation.all),
              "observations on chosen problems held",
            ),
          ]),
      tile(of(counts.refuted, counts.errata), "printed statements refuted by a counterexample"),
      tile(
        of(counts.expected, counts.expectations),
        `expectations of experiments hold, ${Summary.overSeeds(counts)}${Table.plural(counts.controls, "control")} detected`,
      ),
      ...(counts.regressions === 0
        ? []
        : [
            tile(of(counts.unchanged, counts.regressions), "regression checks hold (not evidence)"),
          ]),
      tile(Table.duration(results.provenance.seconds), "on the machine described below"),
    ]}
  </ul>`
}

const problems = (results: Results, undrawn: ReadonlyArray<string>): Html => {
  const found = [...Summary.problems(results), ...undrawn]
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
  return found.dirty ? `${found.hash}, with uncommitted changes` : found.hash
}

const provenance = (from: Provenance): Html =>
  html`<h2 id="provenance">Provenance</h2>
    <dl>
      ${[
        entry(
          "command",
          `nonconvex reproduce --preset ${from.preset} --seed ${from.seed} --jobs ${from.jobs}`,
        ),
        entry("runs per claim", Table.count(from.runs)),
        entry("search", from.search ?? "random"),
        entry("commit", commit(from)),
        entry("started", from.startedAt),
        entry("duration", Table.duration(from.seconds)),
        entry("machine", `${from.cpu}, ${Table.plural(from.cores, "core")}, ${from.platform}`),
        ...(from.vectorBits === undefined ? [] : [entry("vectors", `${from.vectorBits} bits`)]),
        ...(from.compiledKernels === undefined
          ? []
          : [entry("compiled kernels", from.compiledKernels)]),
        ...(from.data ?? []).map(({ digest, name }) => entry(`data: ${name}`, `sha256 ${digest}`)),
        entry("node", from.node),
        ...Object.entries(from.packages).map(([name, version]) => entry(name, version)),
      ]}
    </dl>`

/** First screen; `undrawn` lists the figures that could not be drawn, and why. */
export const home = (results: Results, undrawn: ReadonlyArray<string> = []): Html => {
  const { provenance: from } = results
  return html`${Home.render(results, problems(results, undrawn))}
    <noscript>
      <p class="callout">
        The rest of this report needs JavaScript; <code>results.json</code> next to this file has
        all results.
      </p>
    </noscript>
    <details class="about">
      <summary>How it was tested, and where: provenance</summary>
      <p>
        Preset <strong>${from.preset}</strong>, seed ${from.seed}, ${Table.count(from.runs)} random
        instances per claim (one if the claim is about fixed seeds).
      </p>
      ${tiles(results)}
      <p class="muted">
        A claim holds if no random instance violates it <em>and</em> every control is detected. A
        control is a deliberately broken variant that the test must detect. A margin is the distance
        from violation: 1 is far, 0 is the edge. A bar of margins shows the worst (dot), the first
        and tenth percentile (ticks) and the median (end). If the worst margin of an inequality
        stays above 0.1, the inequality is called loose. In a checkout of the project, type
        <code>npm run lab --</code> for <code>nonconvex</code>.
      </p>
      ${provenance(from)}
    </details>`
}

/** Page of `results`; `undrawn` lists the figures that could not be drawn, and why. */
export const render = (
  results: Results,
  pictures: Packing.Pictures = {},
  undrawn: ReadonlyArray<string> = [],
  code: Code = () => undefined,
): string => {
  const { provenance: from } = results
  const document = html`<!doctype html>
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
        <div id="app"></div>
        <main id="home">${home(results, undrawn)}</main>
        ${Packing.render(results, pictures, code)}
        <script type="module">
          const packed = Uint8Array.from(atob("${trusted(page)}"), (letter) => letter.charCodeAt(0))
          const script = document.createElement("script")
          script.textContent = await new Response(
            new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")),
          ).text()
          document.head.append(script)
        </script>
      </body>
    </html> `
  return document.markup
}
