/** Pages, docblocks and the sentences of the program are held to the style sheet of CONTRIBUTING. */
import * as Files from "@nonconvex/nx-plugin/Files"
import { TextlintKernel, type TextlintKernelRule } from "@textlint/kernel"
import markdown from "@textlint/textlint-plugin-markdown"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseSync, Visitor } from "oxc-parser"
import sentenceLength from "textlint-rule-sentence-length"
import terminology from "textlint-rule-terminology"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"

/** Characters of the longest sentence of a page: about forty words. */
const longest = 240

/** The median of the words of a page's sentences stays below this number. */
const median = 18

/** A median is taken of at least this many sentences. */
const fewest = 8

/** The table of the style sheet: words that are not written, and those that are. */
export const termsOf = (contributing: string): ReadonlyArray<readonly [string, string]> => {
  const [, table = ""] = contributing.split(/^\| not +\| write +\|\n\| -+ +\| -+ +\|\n/m)
  return table
    .split("\n\n")[0]!
    .split("\n")
    .flatMap((line) => {
      const [, not, write] = /^\| (.+?) +\| (.+?) +\|$/.exec(line) ?? []
      return not === undefined || write === undefined ? [] : [[not, write] as const]
    })
}

/** Pairs beyond the table, for phrases that occurred and that nobody would look up. */
const more: ReadonlyArray<readonly [not: string, write: string]> = [
  ["results of before", "earlier results"],
  ["it cannot be told", "it is undecided"],
  ["beside which", "next to which"],
  ["as the paper has it", "as the paper states"],
  ["say which with", "choose with"],
  ["no chance enters", "nothing is random"],
  ["in a setting of ours", "in our own setting"],
  ["is short of 1", "is below 1"],
  ["comes twice", "occurs twice"],
  ["is there twice", "is given twice"],
  ["write it anew", "write it again"],
  ["it is cut off", "it is truncated"],
  ["are not known to us", "are unknown to us"],
  ["is not known to us", "is unknown to us"],
  ["stands out of", "is above"],
  ["which may be why", "which may be the reason"],
  ["no path is followed", "files are not read"],
  ["one row a sample", "one row per sample"],
  ["once a thread", "once per thread"],
  ["tests better", "generalises better"],
  ["test better", "generalise better"],
  ["tests worse", "generalises worse"],
  ["on the way down", "during the descent"],
  ["less the mean", "minus the mean"],
  ["empty without any", "empty if there are none"],
  ["on data of your own", "on your own data"],
  ["data of the user's own", "the user's own data"],
  ["told apart", "distinguished"],
  ["that is there", "that is available"],
  ["that are there", "that are available"],
  ["controls caught", "controls detected"],
  ["control is caught", "control is detected"],
  ["of now", "current"],
  ["left the finite numbers", "became infinite or NaN"],
  ["the least gap", "the smallest gap"],
]

/** Names in stored rows and of controls, from which their seeds come: they stay as they are. */
const stored: ReadonlySet<string> = new Set(["past the critical rate"])

/** A text of a source file, and the line on which it begins. */
export interface Passage {
  readonly line: number
  readonly text: string
}

const lineOf = (source: string, offset: number): number =>
  source.slice(0, offset).split("\n").length

/** A docblock without its stars and examples. */
const sentencesOf = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*+ ?/, ""))
    .join("\n")
    .split(/^@example/m)[0]!

/** Docblocks of a module, and strings of at least three words. */
export const passagesOf = (file: string, source: string): ReadonlyArray<Passage> => {
  const { comments, program } = parseSync(file, source)
  const passages: Array<Passage> = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ start, value }) => ({ line: lineOf(source, start), text: sentencesOf(value) }))
  const add = (text: string, start: number) => {
    if (/\S+ \S+ \S+/.test(text) && !stored.has(text))
      passages.push({ line: lineOf(source, start), text })
  }
  new Visitor({
    Literal: ({ start, value }) => {
      if (typeof value === "string") add(value, start)
    },
    TemplateLiteral: ({ quasis, start }) => {
      add(quasis.map(({ value }) => value.cooked ?? value.raw).join("0"), start)
    },
  }).visit(program)
  return passages
}

/** The part of a syntax node that its words come from. */
interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: ReadonlyArray<Node>
}

/** Text in which a piece of code is one word. */
const wordsOf = ({ children, type, value }: Node): string => {
  if (type === "Code") return "Code"
  if (type === "Html" || type === "Image") return ""
  return children?.map(wordsOf).join("") ?? value ?? " "
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" })

/** Words of each sentence of a text; an entry of a list that ends without a mark is none. */
const split = (text: string): ReadonlyArray<number> =>
  [...segmenter.segment(text.replaceAll(/\s+/g, " "))]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => /[.:?!]["')_]*$/.test(sentence))
    .map((sentence) => sentence.split(" ").length)

/** Words of each sentence in the paragraphs and lists of a page. Tables, code and headings have none. */
export const sentenceLengths = async (page: string): Promise<ReadonlyArray<number>> => {
  const found: Array<number> = []
  await new TextlintKernel().lintText(page, {
    ext: ".md",
    plugins: [{ pluginId: "markdown", plugin: markdown.default }],
    rules: [
      {
        ruleId: "sentences",
        rule: ({ Syntax }) => ({
          [Syntax.Paragraph]: (node) => void found.push(...split(wordsOf(node))),
        }),
      },
    ],
  })
  return found
}

/** The middle of some numbers; 0 of none. */
const middle = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0

/** A page whose median sentence is too long, as a finding. */
export const medianOf = async (file: string, page: string): Promise<ReadonlyArray<string>> => {
  const lengths = await sentenceLengths(page)
  const words = middle(lengths)
  return lengths.length >= fewest && words >= median
    ? [`${file}:1 the median sentence has ${words} words, and must have fewer than ${median}`]
    : []
}

const isPage = (file: string): boolean =>
  file.endsWith(".md") && !/CHANGELOG|^\.changeset|fixtures/.test(file)

const isProduct = (file: string): boolean =>
  /^(?:packages|apps)\/[^/]+\/src\/.*\.tsx?$/.test(file) && !/\.(?:kernel|generated)\./.test(file)

/** The places of the workspace that break the style sheet, one a line. */
const findings = async (root: string): Promise<ReadonlyArray<string>> => {
  const read = (file: string) => readFileSync(join(root, file), "utf8")
  const terms = [...termsOf(read("CONTRIBUTING.md")), ...more]
  const words: TextlintKernelRule = {
    ruleId: "words",
    rule: terminology,
    options: { defaultTerms: false, terms },
  }
  // textlint parses every text as Markdown, and few passages have any of the words
  const mayBreak = ({ text }: Passage): boolean => {
    const plain = text.toLowerCase().replaceAll(/\s+/g, " ")
    return terms.some(([not]) => plain.includes(not.toLowerCase()))
  }
  const length: TextlintKernelRule = {
    ruleId: "length",
    rule: sentenceLength.default,
    options: { max: longest },
  }
  const kernel = new TextlintKernel()
  const lint = async (file: string, { line, text }: Passage, rules: Array<TextlintKernelRule>) => {
    const { messages } = await kernel.lintText(text, {
      filePath: file,
      ext: ".md",
      plugins: [{ pluginId: "markdown", plugin: markdown.default }],
      rules,
    })
    return messages.map(
      (found) => `${file}:${line + found.line - 1} ${found.message.split("\n")[0]}`,
    )
  }
  const out: Array<string> = []
  for (const file of Files.list(root)) {
    if (isPage(file)) {
      // the table itself names the words
      const text = read(file).replace(/^\| not +\| write +\|\n(?:\|.*\n)*/m, (table) =>
        table.replace(/[^\n]/g, ""),
      )
      out.push(...(await lint(file, { line: 1, text }, [words, length])))
      out.push(...(await medianOf(file, read(file))))
    }
    if (!isProduct(file)) continue
    for (const passage of passagesOf(file, read(file)).filter(mayBreak)) {
      out.push(...(await lint(file, passage, [words])))
    }
  }
  return out
}

export const prose: Check = {
  name: "prose",
  rule: "pages, docblocks and sentences of the program keep to the style sheet of CONTRIBUTING",
  run: async (root) => fromFindings(await findings(root)),
}
