/** The fenced code blocks of Markdown files and of docblocks, and what their fences promise. */
import { parseSync } from "vite"

export interface Block {
  /** The line of the opening fence, from 1. */
  readonly line: number
  /** The first word after the fence, such as `ts` or `sh`; empty where there is none. */
  readonly language: string
  /** The rest of that line. */
  readonly info: string
  readonly code: string
}

const fence = /^(\s*)(`{3,}|~{3,})\s*([\w+-]*)\s*(.*?)\s*$/

/** The blocks of a Markdown text, whose first line has the number `first`. */
export const ofMarkdown = (text: string, first = 1): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  let open: { readonly mark: string; readonly block: Omit<Block, "code"> } | undefined
  let code: Array<string> = []
  for (const [index, line] of text.split("\n").entries()) {
    const [, , mark = "", language = "", info = ""] = fence.exec(line) ?? []
    if (open === undefined) {
      if (mark === "") continue
      open = { mark, block: { line: first + index, language, info } }
      code = []
    } else if (mark.startsWith(open.mark) && language === "" && info === "") {
      blocks.push({ ...open.block, code: code.join("\n") })
      open = undefined
    } else {
      code.push(line)
    }
  }
  if (open !== undefined) throw new Error(`line ${open.block.line}: the code block does not end`)
  return blocks
}

/** The blocks in the docblocks of a source file. */
export const ofSource = (file: string, source: string): ReadonlyArray<Block> =>
  // most files have none, and parsing them all takes seconds
  /`{3}|~{3}/.test(source)
    ? parseSync(file, source)
        .comments.filter((comment) => comment.type === "Block" && comment.value.startsWith("*"))
        .flatMap((comment) => {
          const first = source.slice(0, comment.start).split("\n").length
          return ofMarkdown(comment.value.slice(1).replaceAll(/^[ \t]*\*[ \t]?/gm, ""), first)
        })
    : []

export type Use =
  /** A TypeScript module whose `// =>` lines are assertions. */
  | "module"
  /** Commands for a shell in the root of the workspace. */
  | "shell"
  /** Output, data, a figure, or code that says why it does not run. */
  | "shown"
  /** Code that neither runs nor says why. */
  | "unmarked"

const scripts = /^(?:[cm]?[jt]sx?|typescript|javascript)$/
const shells = /^(?:sh|bash|zsh|shell|console)$/

/** Whether a block shows what the commands before it print, as far as it does not leave out parts with a line of `...`. */
export const isOutput = ({ info, language }: Block): boolean =>
  language === "text" && info === "output"

/** The first line of `shown` that `printed` does not have after the line before it; undefined where it has all. */
export const notPrinted = (shown: string, printed: string): string | undefined => {
  const bare = (line: string) => line.trim().replaceAll(/\s+/g, " ")
  const lines = printed.split("\n").map(bare)
  let at = 0
  for (const line of shown.split("\n").map(bare)) {
    if (line === "" || line === "...") continue
    const found = lines.indexOf(line, at)
    if (found === -1) return line
    at = found + 1
  }
  return undefined
}

/** What is done with a block: `ts import.meta.vitest` and `sh test` run, `no-run: reason` does not. */
export const use = ({ info, language }: Block): Use => {
  if (!scripts.test(language) && !shells.test(language)) return "shown"
  if (/^no-run: \S/.test(info)) return "shown"
  if (language === "ts" && info === "import.meta.vitest") return "module"
  return language === "sh" && info === "test" ? "shell" : "unmarked"
}
