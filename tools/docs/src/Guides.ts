/** The pages that are written by hand: every Markdown file of the project. */
import { readFileSync } from "node:fs"
import { join, posix } from "node:path"
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Code from "./Code.ts"
import * as Markdown from "./Markdown.ts"
import { type Page, way } from "./Page.ts"

export const repository = "https://github.com/nonconvex/nonconvex"

/** Pages in the order of the contents; the rest of a folder follows by name. */
const order: Readonly<Record<string, ReadonlyArray<string>>> = {
  "Begin here": [
    "docs/README.md",
    "docs/tour.md",
    "docs/how-to-choose.md",
    "docs/performance.md",
    "docs/performance-table.md",
    "docs/counterexamples.md",
  ],
  "How to": [
    "docs/how-to/README.md",
    "docs/how-to/train-with-sam.md",
    "docs/how-to/certify-a-network.md",
    "docs/how-to/explain-a-spike.md",
    "docs/how-to/release-a-table.md",
    "docs/how-to/complete-a-table.md",
    "docs/how-to/solve-a-game.md",
    "docs/how-to/worst-case-of-a-method.md",
    "docs/how-to/bring-your-own.md",
    "docs/how-to/weigh-the-evidence.md",
    "docs/how-to/verify-a-theorem.md",
    "docs/how-to/sweep-on-five-machines.md",
    "docs/how-to/run-on-a-cluster.md",
    "docs/how-to/add-a-system.md",
  ],
  Commands: ["apps/lab/README.md", "docs/commands/*.md"],
  "Packages in depth": [
    "docs/problems.md",
    "docs/evidence.md",
    "docs/datasets.md",
    "docs/tensorflow.md",
  ],
  "Formats and protocols": ["docs/*.md"],
  Packages: ["packages/*/README.md", "apps/gallery/README.md"],
  Studies: ["studies/README.md", "docs/findings/*.md", "rows/README.md"],
  Project: ["README.md", "CONTRIBUTING.md", "SECURITY.md", "tools/**", "**"],
}

/** Release notes have a page of their own, made of them; what tests read is no page. */
const isPage = (file: string): boolean =>
  file.endsWith(".md") &&
  !file.startsWith(".changeset/") &&
  !/(?:^|\/)CHANGELOG\.md$|\/(?:test|fixtures|files)\//.test(file)

/** Where a Markdown file stands on the site. */
export const addressOf = (file: string): string => {
  if (file === "README.md") return "readme.html"
  if (file === "docs/README.md") return "index.html"
  return file
    .replace(/^docs\//, "")
    .replace(/\/README\.md$/, ".html")
    .replace(/\.md$/, ".html")
    .toLowerCase()
}

interface Guide {
  readonly file: string
  readonly group: string
}

/** The files in the order of the contents. */
const list = (root: string): ReadonlyArray<Guide> => {
  const left = new Set(Files.list(root).filter(isPage))
  return Object.entries(order).flatMap(([group, patterns]) =>
    patterns.flatMap((pattern) =>
      [...left]
        .filter((file) => posix.matchesGlob(file, pattern))
        .map((file) => {
          left.delete(file)
          return { file, group }
        }),
    ),
  )
}

export interface Written {
  readonly pages: ReadonlyArray<Page>
  /** Headings of all pages, to be searched. */
  readonly headings: ReadonlyArray<Markdown.Heading & { readonly page: Page }>
  /** Files of the project that pages show or offer, from the root. */
  readonly files: ReadonlyArray<string>
  /** Links of the texts that lead to no file. */
  readonly dead: ReadonlyArray<string>
}

/** What is shown on a page or given with it, and not only named. */
const isOffered = (file: string): boolean =>
  /\.(?:svg|png)$/.test(file) || file.startsWith("docs/schemas/")

/** Where a file that is offered stands on the site. */
export const offeredAt = (file: string): string => `files/${file}`

/**
 * Renders the Markdown of the project. `explained` says where on the site something in code is
 * explained, such as an id of a claim; `shown` where a file or a folder is shown that is no text, such as a study.
 */
export const write = (
  root: string,
  explained: Code.Explained,
  shown: (path: string) => string | undefined,
): Written => {
  const all = new Set(Files.list(root))
  const folders = new Set(
    [...all].flatMap((file) => {
      const parts = file.split("/")
      return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"))
    }),
  )
  const files = new Set<string>()
  const dead: Array<string> = []
  const headings: Array<Markdown.Heading & { readonly page: Page }> = []
  const pages = list(root).map(({ file, group }): Page => {
    const address = addressOf(file)
    const link = (href: string): string => {
      if (/^(?:[a-z]+:|#)/.test(href)) return href
      const [path = "", hash] = href.split("#")
      const target = posix.join(posix.dirname(file), decodeURIComponent(path)).replace(/\/$/, "")
      const behind = hash === undefined ? "" : `#${hash}`
      const readme = `${target}/README.md`
      if (isPage(target) && all.has(target)) return way(address, `${addressOf(target)}${behind}`)
      if (all.has(readme) && isPage(readme)) return way(address, `${addressOf(readme)}${behind}`)
      if (isOffered(target) && all.has(target)) {
        files.add(target)
        return way(address, offeredAt(target))
      }
      const at = shown(target)
      if (at !== undefined) return way(address, at)
      if (all.has(target)) return `${repository}/blob/main/${target}${behind}`
      if (folders.has(target)) return `${repository}/tree/main/${target}`
      dead.push(`${file}: ${href}`)
      return href
    }
    const explainedHere = (code: string) => {
      const to = explained(code)
      return to === undefined ? undefined : way(address, to)
    }
    const rendered = Markdown.render(readFileSync(join(root, file), "utf8"), {
      link,
      explained: explainedHere,
    })
    const title = rendered.title || file
    const page: Page = {
      address,
      title: address === "index.html" ? "nonconvex" : title,
      group,
      markup: rendered.markup,
      headings: rendered.headings,
      lede: rendered.lede,
    }
    headings.push(...rendered.headings.map((heading) => ({ ...heading, page })))
    return page
  })
  return { pages, headings, files: [...files], dead }
}
