/** A page of the site: the frame around what is read. */
import { html, nothing, trusted } from "@nonconvex/lab/internal/site"
import { posix } from "node:path"

/** A heading that the page lists beside itself. */
interface Listed {
  readonly depth: number
  readonly id: string
  readonly title: string
}

export interface Page {
  /** From the root of the site: `how-to/certify.html`. */
  readonly address: string
  readonly title: string
  /** Under what it is listed in the contents; absent where it is reached from another page. */
  readonly group?: string
  /** Markup with links as they are on this page. */
  readonly markup: string
  readonly headings: ReadonlyArray<Listed>
  /** One sentence. */
  readonly lede: string
}

/** What the header leads to, by address. */
const doors = {
  "tour.html": "Tour",
  "how-to.html": "How to",
  "how-to-choose.html": "How to choose",
  "reference/index.html": "Reference",
  "theorems.html": "Theorems",
  "results/index.html": "Results",
} as const

/** The way from one page to another, or to a file. */
export const way = (from: string, to: string): string => {
  const [path = "", hash] = to.split("#")
  const relative = path === from ? "" : posix.relative(posix.dirname(from), path)
  return `${relative}${hash === undefined ? "" : `#${hash}`}`
}

/** The pages of the contents, by their groups in the order in which these come. */
const grouped = (
  pages: ReadonlyArray<Page>,
): ReadonlyArray<readonly [string, ReadonlyArray<Page>]> => {
  const groups = [...new Set(pages.flatMap(({ group }) => group ?? []))]
  return groups.map((name) => [name, pages.filter(({ group }) => group === name)] as const)
}

const contents = (at: string, pages: ReadonlyArray<Page>) =>
  html`<details class="contents">
    <summary>Contents</summary>
    <nav aria-label="contents">
      ${grouped(pages).map(
        ([name, all]) =>
          html`<strong>${name}</strong>
            <ul>
              ${all.map(({ address, title }) => html`<li><a href="${way(at, address) || "#"}">${title}</a></li>`)}
            </ul>`,
      )}
    </nav>
  </details>`

/** Groups of the contents, beside the text; that of the page is open. */
const side = (at: string, pages: ReadonlyArray<Page>) => {
  const here = pages.find(({ address }) => address === at)?.group ?? "Begin here"
  return html`<nav class="side" aria-label="pages by group">
    ${grouped(pages).map(
      ([name, all]) =>
        html`<details ${trusted(name === here || name === "Papers" ? "open" : "")}>
          <summary>${name}</summary>
          <ul>
            ${all.map(
              ({ address, title }) =>
                html`<li>
                  <a
                    href="${way(at, address) || "#"}"
                    ${trusted(address === at ? ' aria-current="page"' : "")}
                    >${title}</a
                  >
                </li>`,
            )}
          </ul>
        </details>`,
    )}
  </nav>`
}

/** The pages before and after, of the same group. */
const ways = ({ address, group }: Page, pages: ReadonlyArray<Page>) => {
  const all = pages.filter((page) => group !== undefined && page.group === group)
  const here = all.findIndex((page) => page.address === address)
  const linked = (page: Page | undefined, before: string, after: string) =>
    page === undefined
      ? html`<span></span>`
      : html`<a href="${way(address, page.address)}">${before}${page.title}${after}</a>`
  return all.length < 2
    ? nothing
    : html`<nav class="ways" aria-label="before and after">
        ${linked(all[here - 1], "← ", "")} ${linked(all[here + 1], "", " →")}
      </nav>`
}

/** The whole of a page; `pages` are all of the site. */
export const render = (page: Page, pages: ReadonlyArray<Page>): string => {
  const { address, headings, markup, title } = page
  const root = "../".repeat(address.split("/").length - 1)
  const listed = headings.filter(({ depth }) => depth <= 3)
  return html`<!doctype html>
    <html lang="en" data-root="${root}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${address === "index.html" ? title : `${title} · nonconvex`}</title>
        <meta name="description" content="${page.lede.slice(0, 300)}" />
        <link rel="icon" href="${root}icon.svg" />
        <link rel="stylesheet" href="${root}site.css" />
      </head>
      <body>
        <a class="skip" href="#text">Skip to the text</a>
        <header class="bar">
          <a href="${way(address, "index.html") || "#"}">nonconvex</a>
          ${Object.entries(doors).map(
            ([to, name]) =>
              html`<a
                href="${way(address, to) || "#"}"
                ${trusted(to === address ? ' aria-current="page"' : "")}
                >${name}</a
              >`,
          )}
          ${contents(address, pages)}
          <div id="finder" class="finder"></div>
        </header>
        <main class="read" id="text">
          ${side(address, pages)}
          <article>${trusted(markup)}${ways(page, pages)}</article>
          ${
            listed.length < 2
              ? nothing
              : html`<nav class="aside" aria-label="on this page">
                  <strong>On this page</strong>
                  <ul>
                    ${listed.map(({ depth, id, title: name }) =>
                      depth === 2
                        ? html`<li><a href="#${id}">${name}</a></li>`
                        : html`<li>
                            <ul>
                              <li><a href="#${id}">${name}</a></li>
                            </ul>
                          </li>`,
                    )}
                  </ul>
                </nav>`
          }
        </main>
        <script src="${root}site.js" defer></script>
      </body>
    </html> `.markup
}
