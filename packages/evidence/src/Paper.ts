/** The paper of a system: its citation, its question, and the findings. */
import { Schema } from "effect"

/** Answer to the question of a paper, in a plain line, and the claims and studies that it rests on. */
const Answer = Schema.Struct({
  text: Schema.String,
  /** Ids of claims, and `study-<name>` of studies. */
  rests: Schema.Array(Schema.String),
})

/** Summary of the paper in plain sentences, to be read in ten minutes. */
const Article = Schema.Struct({
  /** The idea, in at most 150 words. */
  idea: Schema.String,
  /** The result that a reader of the paper expects least, and its consequence. */
  surprise: Schema.Struct({
    title: Schema.String,
    text: Schema.String,
    matters: Schema.String,
    /** Ids of the claims and errata, and `study-<name>` of the studies, that show it. */
    rests: Schema.Array(Schema.String),
  }),
  /** Observations that would change the answer to the question. */
  revisedBy: Schema.Array(Schema.String),
})
export type Article = typeof Article.Type

export const Paper = Schema.Struct({
  title: Schema.String,
  /** Full names, separated by commas. */
  authors: Schema.String,
  venue: Schema.String,
  year: Schema.Int,
  /** Number on arXiv: `2305.15287`. */
  arxiv: Schema.String,
  /** Volume and pages of the proceedings; absent if unknown here. */
  proceedings: Schema.optionalKey(
    Schema.Struct({ volume: Schema.String, pages: Schema.optionalKey(Schema.String) }),
  ),
  /** Its question, in a sentence short enough for a list of papers. */
  asks: Schema.optionalKey(Schema.String),
  /** Absent in earlier results. */
  answer: Schema.optionalKey(Answer),
  /** Absent in earlier results. */
  article: Schema.optionalKey(Article),
})
export type Paper = typeof Paper.Type

/** Names of the authors, one by one. */
const namesOf = ({ authors }: Paper): ReadonlyArray<string> => authors.split(", ")

const familyOf = (name: string): string => name.slice(name.lastIndexOf(" ") + 1)

/**
 * Cites a paper as sources do: family names and year.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Paper from "@nonconvex/evidence/Paper"
 *
 * const authors = "Yan Dai, Kwangjun Ahn, Suvrit Sra"
 * const paper = { title: "", authors, venue: "NeurIPS", year: 2023, arxiv: "2305.15287" }
 * Paper.cited(paper) // => "Dai, Ahn, Sra 2023"
 * ```
 */
export const cited = (paper: Paper): string =>
  `${namesOf(paper).map(familyOf).join(", ")} ${paper.year}`

/** Address of the paper on arXiv. */
export const arxivOf = ({ arxiv }: Pick<Paper, "arxiv">): string => `https://arxiv.org/abs/${arxiv}`

/** Digital object identifier that arXiv gives the paper. */
export const doiOf = ({ arxiv }: Pick<Paper, "arxiv">): string => `10.48550/arXiv.${arxiv}`

/** The paper as an entry of BibTeX. */
export const bibtex = (paper: Paper): string => {
  const { arxiv, proceedings, title, venue, year } = paper
  const names = namesOf(paper)
  const word = /[A-Za-z]{4,}/.exec(title)?.[0] ?? ""
  const fields = [
    ["title", `{${title}}`],
    [
      "author",
      names
        .map((name) => `${familyOf(name)}, ${name.slice(0, name.lastIndexOf(" "))}`)
        .join(" and "),
    ],
    ["booktitle", venue],
    ...(proceedings === undefined
      ? []
      : [
          ["volume", proceedings.volume],
          ...(proceedings.pages === undefined ? [] : [["pages", proceedings.pages]]),
        ]),
    ["year", String(year)],
    ["eprint", arxiv],
    ["archiveprefix", "arXiv"],
    ["doi", doiOf(paper)],
  ] as const
  const lines = fields.map(([name, value]) => `  ${name} = {${value}}`)
  return `@inproceedings{${familyOf(names[0]!).toLowerCase()}${year}${word.toLowerCase()},\n${lines.join(",\n")}\n}`
}
