/** The site: guides, reference, errata, release notes and results, as files that refer to each other by relative paths. */
import { type Place, siteStyle, style } from "@nonconvex/gallery"
import { site as script } from "@nonconvex/gallery/bundles"
import {
  type Html,
  html,
  isOnErratum,
  readErrata,
  type Results,
  trusted,
  unreadErrata,
} from "@nonconvex/lab"
import { inflateRawSync } from "node:zlib"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Changelog from "./Changelog.ts"
import * as Guides from "./Guides.ts"
import * as Links from "./Links.ts"
import * as Markdown from "./Markdown.ts"
import * as Page from "./Page.ts"
import type { Module } from "./reference/Api.ts"
import * as Reference from "./reference/Pages.ts"

/** What the site tells of. */
export interface Given {
  /** The root of the workspace. */
  readonly root: string
  readonly modules: ReadonlyArray<Module>
  readonly results: Results
}

export interface Site {
  /** Texts by their addresses. */
  readonly texts: ReadonlyMap<string, string>
  /** Files of the project that are given with it, by the address that they get. */
  readonly copies: ReadonlyMap<string, string>
  /** What leads nowhere: a site with one is not to be published. */
  readonly dead: ReadonlyArray<string>
}

const results = "results/index.html"

/** A loss with two valleys, the one sharp and the other flat. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M3 5C5 40 9 26 11 14S15 8 16 14 20 27 24 27 28 20 29 5" fill="none" stroke="#2f6fb2" stroke-width="3" stroke-linecap="round"/></svg>
`

/** What the report of results has an address for. */
const addressesOf = ({ studies = [], systems }: Results): ReadonlyMap<string, Place> => {
  const place = (id: string, title: string, text: string, kind: string): [string, Place] => [
    id,
    { address: `${results}#${id}`, title, text, kind },
  ]
  return new Map([
    ...systems.flatMap(({ experiments, id, paper, title, verdicts }) => [
      place(id, title, paper.asks ?? paper.title, "paper"),
      ...verdicts.map((verdict) =>
        place(
          verdict.id,
          verdict.id,
          verdict.statement,
          isOnErratum(verdict) ? "erratum" : "claim",
        ),
      ),
      ...experiments.map((each) => place(each.id, each.title, each.question, "experiment")),
    ]),
    ...studies.map(({ heading, name, question }) =>
      place(`study-${name}`, heading.title, question, "study"),
    ),
  ])
}

/** Ids of statements and experiments look so; what looks so and is none is an error of the page. */
const looksLikeId = (code: string, systems: ReadonlyArray<{ readonly id: string }>): boolean =>
  /^[a-z-]+\/[a-z\d-]+$/.test(code) && systems.some(({ id }) => code.startsWith(`${id}/`))

const errata = ({ systems }: Results): Page.Page => {
  const all = systems.flatMap(({ verdicts }) => verdicts.filter(isOnErratum))
  const toResults = (parts: ReadonlyArray<Html>): ReadonlyArray<Html> =>
    parts.map(({ markup }) => trusted(markup.replaceAll('href="#', `href="${results}#`)))
  const unread = all.filter((verdict) => !Verdict.wasRead(verdict)).length
  const lede =
    "Statements that are false as they stand in print, each with a counterexample that can be checked by hand and the claim that holds instead."
  const markup = html`<h1>Errata</h1>
    <p>${lede}</p>
    <p>
      They are computed anew with every report: a statement for which no counterexample is found is
      a failed run. An erratum says what falls and what does not: a step of a proof is not its
      theorem.
    </p>
    <h2 id="read-in-print">Read in print</h2>
    ${toResults(readErrata(all))}
    <h2 id="if-the-paper-says">If the paper says</h2>
    <p>
      ${unread} statements that nobody could read in print: what the paper is believed to say, or
      what one easily derives from it. They are no fault of a paper, and are not counted.
    </p>
    ${toResults(unreadErrata(all))}`
  return {
    address: "errata.html",
    title: "Errata",
    group: "Begin here",
    markup: markup.markup,
    headings: [
      { depth: 2, id: "read-in-print", title: "Read in print" },
      { depth: 2, id: "if-the-paper-says", title: "If the paper says" },
    ],
    lede,
  }
}

const changelog = (root: string): Page.Page => {
  const rendered = Markdown.render(Changelog.read(root), {
    link: (href) => href,
    explained: () => undefined,
  })
  return { ...rendered, address: "changelog.html", group: "Project" }
}

/** The door to the results, which are pages of their own. */
const door = ({ provenance }: Results): Page.Page => ({
  address: results,
  title: "Results",
  group: "Begin here",
  markup: "",
  headings: [],
  lede: `What a run of everything found, preset ${provenance.preset}.`,
})

/** Makes the site of what is given. */
export const make = ({ modules, results: found, root }: Given): Site => {
  const known = addressesOf(found)
  const strangers = new Set<string>()
  const explained = (code: string): string | undefined => {
    const place = known.get(code)
    if (place === undefined && looksLikeId(code, found.systems)) strangers.add(code)
    return place?.address
  }
  const written = Guides.write(
    root,
    explained,
    (path) => known.get(path.replace(/^studies[/]/, "study-"))?.address,
  )
  const linked = (address: string) => (href: string) =>
    /^(?:[a-z]+:|#)/.test(href) ? href : Page.way(address, href)
  const pages: ReadonlyArray<Page.Page> = [
    ...written.pages.slice(0, 3),
    errata(found),
    door(found),
    ...written.pages.slice(3),
    ...Reference.write(modules, linked),
    changelog(root),
  ]
  const places: ReadonlyArray<Place> = [
    ...pages
      .filter(({ address }) => !address.startsWith("reference/"))
      .map(({ address, lede, title }) => ({ address, title, text: lede, kind: "page" })),
    ...written.headings.map(({ id, page, text, title }) => ({
      address: `${page.address}#${id}`,
      title,
      text: `${page.title}${text === "" ? "" : ` · ${text.replaceAll(/\s+/g, " ").slice(0, 160)}`}`,
      kind: "section",
    })),
    ...Reference.places(modules),
    ...known.values(),
  ]
  const markups = new Map(
    pages
      .filter(({ address }) => address !== results)
      .map((page) => [page.address, Page.render(page, pages)] as const),
  )
  const copies = new Map(written.files.map((file) => [Guides.offeredAt(file), file]))
  const isThere = (address: string): boolean => {
    if (["site.css", "site.js", "search.js", "icon.svg", results].includes(address)) return true
    if (!address.startsWith(`${results}#`)) return copies.has(address)
    // a replay is of a statement that is there
    const id = address.slice(results.length + 1).replace(/^replay\/(.*)@.*$/, "$1")
    return known.has(id)
  }
  return {
    texts: new Map([
      ...markups,
      ["site.css", `${style}${siteStyle}`],
      ["icon.svg", icon],
      ["site.js", inflateRawSync(Buffer.from(script, "base64")).toString()],
      ["search.js", `globalThis.places=${JSON.stringify(places)}\n`],
    ]),
    copies,
    dead: [
      ...written.dead,
      ...Array.from(strangers, (code) => `no statement or experiment is called ${code}`),
      ...Links.dead(markups, isThere),
    ],
  }
}
