/** The site: guides, reference, errata, release notes and results, as files that refer to each other by relative paths. */
import { type Place, markTerms, siteStyle, style } from "@nonconvex/gallery/internal/Page"
import { play, site as script } from "@nonconvex/gallery/bundles"
import {
  allTheorems,
  figureKeyOf,
  glossaryTerms,
  type Html,
  html,
  isOnErratum,
  namesOfPaper,
  nothing,
  prose,
  readErrata,
  renderArticle,
  renderGlossary,
  renderHome,
  theoremsOf,
  type Results,
  trusted,
  unreadErrata,
} from "@nonconvex/lab/internal/site"
import { inflateRawSync } from "node:zlib"
import * as Paper from "@nonconvex/evidence/Paper"
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

/** Pages of the report that list everything of a kind. */
const lists = new Set(["claims", "contradicted", "errata", "glossary", "play", "theorems"])

/** A loss with two valleys, the one sharp and the other flat. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M3 5C5 40 9 26 11 14S15 8 16 14 20 27 24 27 28 20 29 5" fill="none" stroke="#2f6fb2" stroke-width="3" stroke-linecap="round"/></svg>
`

/** What the report of results has an address for. */
const addressesOf = ({ studies = [], systems }: Results): ReadonlyMap<string, Place> => {
  type More = Pick<Place, "names" | "also" | "verdict">
  const placeAt = (
    address: string,
    id: string,
    title: string,
    text: string,
    kind: string,
    more: More = {},
  ): [string, Place] => [id, { address, title, text, kind, ...more }]
  const place = (id: string, title: string, text: string, kind: string, more: More = {}) =>
    placeAt(`${results}#${id}`, id, title, text, kind, more)
  return new Map([
    ...systems.flatMap(({ experiments, id, paper, title, verdicts }) => [
      placeAt(articleAt(id), id, title, paper.asks ?? paper.title, "paper", {
        names: namesOfPaper(paper),
      }),
      ...theoremsOf({ id, paper, verdicts }).map(({ address, answer, title: named }) =>
        place(address, named, answer.text, "theorem", {
          also: `${Paper.cited(paper)} ${title} does it hold`,
          verdict: answer.word,
        }),
      ),
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

/** Statements of claims and errata, by their ids. */
const statementsOf = ({ systems }: Results): ReadonlyMap<string, string> =>
  new Map(
    systems.flatMap(({ verdicts }) =>
      verdicts.map(({ id, statement }) => [id, statement] as const),
    ),
  )

/** Markup of the report on a page of the site: its links lead into the results, to an article where there is one. */
const onSite = ({ markup }: Html, found: Results, from = "index.html"): Html => {
  const statements = statementsOf(found)
  const articles = new Set(found.systems.map(({ id }) => id))
  return trusted(
    markup
      .replaceAll(/href="#([^"?]*)([^"]*)"/g, (_, id: string, query: string) => {
        const place = query.startsWith("?to=") ? `#${query.slice(4)}` : ""
        const to = articles.has(id) ? `${articleAt(id)}${place}` : `${results}#${id}${query}`
        return `href="${Page.way(from, to)}"`
      })
      .replaceAll(
        /<(span|p) data-statement="([^"]+)"><\/\1>/g,
        (_, tag: string, id: string) =>
          `<${tag}>${prose(statements.get(id) ?? "").markup}</${tag}>`,
      ),
  )
}

/** Whether each theorem holds, as the report answers it. */
const theorems = (found: Results): Page.Page => ({
  address: "theorems.html",
  title: "Do the theorems hold?",
  group: "Begin here",
  markup: onSite(allTheorems(found.systems), found).markup,
  headings: [],
  lede: "Every statement of the seven papers: printed, recalled or corrected, and whether it holds.",
})

const glossary = ({ systems }: Results): Page.Page => ({
  address: "glossary.html",
  title: "Glossary",
  group: "Begin here",
  markup: renderGlossary(new Map(systems.map(({ id, title }) => [id, title] as const))).markup,
  headings: [],
  lede: "The terms of claims, commands and papers.",
})

/** Address of the article of a system. */
const articleAt = (id: string): string => `papers/${id}.html`

/** Figure of a report as a picture, with its title and caption. */
const pictured = (found: Results, part: string, id: string): Html => {
  const study = (found.studies ?? []).find(({ name }) => part === `study-${name}`)
  const all =
    study === undefined
      ? found.systems.flatMap(({ experiments }) => experiments).find((each) => each.id === part)
          ?.figures
      : study.found?.figures
  const figure = all?.find((each) => each.id === id)
  if (figure === undefined) return nothing
  const key = figureKeyOf(study === undefined ? part : `studies/${study.name}`, id)
  return html`<figure>
    <img src="../results/figures/${key}.svg" alt="${figure.title}" loading="lazy" />
    <figcaption><strong>${figure.title}</strong> ${prose(figure.caption)}</figcaption>
  </figure>`
}

/** The article of each paper, as the report has it; the lists and the figures to explore are in the report. */
const articles = (found: Results): ReadonlyArray<Page.Page> =>
  found.systems.map((system) => {
    const { id, paper, title } = system
    const own = (found.studies ?? []).filter(({ heading }) => heading.system === id)
    const failures = found.failures.filter((failure) => failure.system === id)
    const { markup } = renderArticle(
      system,
      failures,
      own,
      found.provenance.startedAt?.slice(0, 4),
      found.provenance.commit?.hash,
    )
    const filled = markup
      // the page has an article already
      .replace(/^<article class="article">/, '<div class="article">')
      .replace(/<\/article>\s*$/, "</div>")
      .replaceAll(
        /<div data-figure="([^"]+)" data-of="([^"]+)"><\/div>/g,
        (_, figure: string, part: string) => pictured(found, part, figure).markup,
      )
      .replaceAll(
        /<span data-again="([^"]+)"><\/span>/g,
        (_, experiment: string) => `· <code>nonconvex run ${experiment} --set</code>`,
      )
      .replaceAll(
        "<div data-claims></div>",
        `<p><a href="#claims?system=${id}">All claims of this paper, with filters</a></p>`,
      )
    const address = articleAt(id)
    const page = {
      address,
      title,
      group: "Papers",
      markup: onSite(trusted(filled), found, address).markup,
      headings: [],
      lede: paper.answer?.text ?? paper.asks ?? paper.title,
    }
    return { ...page, markup: termed(page, id) }
  })

/** Markup with its terms linked to the glossary: all of them, or those of a system. */
const termed = ({ address, markup }: Page.Page, system?: string): string => {
  const terms =
    system === undefined
      ? glossaryTerms
      : glossaryTerms.filter((term) => term.system === system || term.system === "evidence")
  return markTerms(markup, terms, new Set(), ({ place }) =>
    Page.way(address, `glossary.html#${place}`),
  )
}

/** Place of the first part of the guide on the landing page: above the papers. */
const between = "<!-- guide -->"

/** The heading of the guide before which the papers stand. */
const afterPapers = '<h2 id="where-to-begin"'

/** A guide with its terms linked to the glossary, and the first screen of the results on the first page. */
const withTerms = (page: Page.Page, found: Results): Page.Page => {
  const text = termed(page)
  if (page.address !== "index.html") return { ...page, markup: text }
  // the title of the first screen is that of the page
  const guide = text.replace(/<(\/?)h1\b/g, "<$1h2")
  const at = guide.indexOf(afterPapers)
  const [above, below] = at < 0 ? ["", guide] : [guide.slice(0, at), guide.slice(at)]
  // the links of the guide are those of the site already
  const first = onSite(renderHome(found, nothing, trusted(between)), found)
  return { ...page, markup: first.markup.replace(between, () => above) + below }
}

const errata = (found: Results): Page.Page => {
  const all = found.systems.flatMap(({ verdicts }) => verdicts.filter(isOnErratum))
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
    ${readErrata(all).map((part) => onSite(part, found))}
    <h2 id="if-the-paper-says">If the paper says</h2>
    <p>
      ${unread} statements that no one could read in print: what the paper is believed to say, or
      what one easily derives from it. They are no fault of a paper, and are not counted.
    </p>
    ${unreadErrata(all).map((part) => onSite(part, found))}`
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
  const guides = written.pages.map((page) => withTerms(page, found))
  const pages: ReadonlyArray<Page.Page> = [
    ...guides.slice(0, 3),
    ...articles(found),
    theorems(found),
    errata(found),
    glossary(found),
    door(found),
    ...guides.slice(3),
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
    ...glossaryTerms.map(({ also, meaning, place, term }) => ({
      address: `glossary.html#${place}`,
      title: term,
      text: meaning,
      kind: "term",
      names: also,
    })),
    ...known.values(),
  ]
  const markups = new Map(
    pages
      .filter(({ address }) => address !== results)
      .map((page) => [page.address, Page.render(page, pages)] as const),
  )
  const copies = new Map(written.files.map((file) => [Guides.offeredAt(file), file]))
  const isThere = (address: string): boolean => {
    if (address.startsWith("results/figures/")) return true
    if (["site.css", "site.js", "play.js", "search.js", "icon.svg", results].includes(address))
      return true
    if (!address.startsWith(`${results}#`)) return copies.has(address)
    // a replay is of a statement that is there
    const [id = ""] = address
      .slice(results.length + 1)
      .replace(/^replay\/(.*)@.*$/, "$1")
      .split("?")
    return known.has(id) || lists.has(id.replace(/^play\/.*/, "play"))
  }
  return {
    texts: new Map([
      ...markups,
      ["site.css", `${style}${siteStyle}`],
      ["icon.svg", icon],
      ["site.js", inflateRawSync(Buffer.from(script, "base64")).toString()],
      ["play.js", inflateRawSync(Buffer.from(play, "base64")).toString()],
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
