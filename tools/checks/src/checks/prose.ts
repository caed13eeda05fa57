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

/** Characters of the longest sentence of a page. */
const longest = 240

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

const rulesOf = (
  terms: ReadonlyArray<readonly [string, string]>,
): { readonly words: TextlintKernelRule; readonly length: TextlintKernelRule } => ({
  words: { ruleId: "words", rule: terminology, options: { defaultTerms: false, terms } },
  length: { ruleId: "length", rule: sentenceLength.default, options: { max: longest } },
})

const isPage = (file: string): boolean =>
  file.endsWith(".md") && !/CHANGELOG|^\.changeset|fixtures/.test(file)

const isProduct = (file: string): boolean =>
  /^(?:packages|apps)\/[^/]+\/src\/.*\.tsx?$/.test(file) && !/\.(?:kernel|generated)\./.test(file)

/** The places of the workspace that break the style sheet, one a line. */
const findings = async (root: string): Promise<ReadonlyArray<string>> => {
  const read = (file: string) => readFileSync(join(root, file), "utf8")
  const { length, words } = rulesOf(termsOf(read("CONTRIBUTING.md")))
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
    }
    if (!isProduct(file)) continue
    for (const passage of passagesOf(file, read(file))) {
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
