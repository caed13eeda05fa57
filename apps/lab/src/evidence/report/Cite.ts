/** Ways from the page to the papers, to the code, and to a citation. */
import * as Paper from "@nonconvex/evidence/Paper"
import { repository, version } from "./Code.ts"
import { type Html, html } from "./Html.ts"

/** Title of the project in a citation, as in CITATION.cff. */
export const title =
  "nonconvex: the theory of nonconvex optimisation in deep learning, made executable"

/** The project as an entry of BibTeX. */
export const project = (year: string): string =>
  `@software{nonconvex${year},
  title = {{${title}}},
  author = {{The maintainers of nonconvex}},
  version = {${version}},
  year = {${year}},
  url = {${repository}}
}`

const entry = (text: string): Html =>
  html`<pre class="bibtex" tabindex="0"><code class="copy">${text}</code></pre>`

/** Links to a paper: arXiv and DOI. */
export const links = (paper: Paper.Paper): Html => {
  const doi = Paper.doiOf(paper)
  return html`<a href="${Paper.arxivOf(paper)}">arXiv:${paper.arxiv}</a> ·
    <a href="https://doi.org/${doi}" aria-label="DOI ${doi}">DOI</a>`
}

/** Names by which a reader searches for a paper, in addition to its question. */
export const namesOf = (paper: Paper.Paper): ReadonlyArray<string> => [
  paper.title,
  paper.authors,
  Paper.cited(paper),
  `${paper.venue} ${paper.year} paper`,
  `arXiv:${paper.arxiv}`,
]

/** The reference of a paper with its links. */
export const reference = (paper: Paper.Paper): Html => {
  const { authors, proceedings, title: of, venue, year } = paper
  const where =
    proceedings === undefined
      ? ""
      : `, ${proceedings.volume}${proceedings.pages === undefined ? "" : `:${proceedings.pages.replace("--", "–")}`}`
  return html`${authors}. <cite>${of}</cite>. ${venue} ${year}${where}. ${links(paper)}`
}

/** BibTeX of a paper and of the project, folded. */
export const folded = (paper: Paper.Paper, year: string): Html =>
  html`<details id="cite">
    <summary>Cite the paper, or this project</summary>
    ${entry(Paper.bibtex(paper))}${entry(project(year))}
    <p class="source">Click an entry to copy it.</p>
  </details>`

/** All citations on a page. */
export const render = (papers: ReadonlyArray<Paper.Paper>, year: string): Html =>
  html`<article>
    <h1>Cite</h1>
    <p>
      Cite this project for its tests, errata and studies, and the paper whose results you use.
      <a href="${repository}/blob/main/CITATION.cff">CITATION.cff</a> contains the same entries.
    </p>
    <h2>This project</h2>
    ${entry(project(year))}
    <h2>The papers</h2>
    ${papers.map(
      (paper) =>
        html`<p>${reference(paper)}</p>
          ${entry(Paper.bibtex(paper))}`,
    )}
  </article>`
