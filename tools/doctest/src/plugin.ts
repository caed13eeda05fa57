/** Vite plugin: the examples of a file as modules beside it, so that relative imports mean the same. */
import { readFileSync } from "node:fs"
import type { Plugin } from "vite"
import * as Block from "./Block.ts"
import * as Example from "./Example.ts"

/** The module of the block at `line` of `file`. */
export const moduleId = (file: string, line: number): string => `${file}.${line}.doctest.ts`

const pattern = /^(.*)\.(\d+)\.doctest\.ts$/

export const doctest = (): Plugin => ({
  name: "doctest",
  enforce: "pre",
  resolveId: (id) => (pattern.test(id) ? id : undefined),
  load: (id) => {
    const [, file, line] = pattern.exec(id) ?? []
    if (file === undefined) return undefined
    const text = readFileSync(file, "utf8")
    const blocks = file.endsWith(".md") ? Block.ofMarkdown(text) : Block.ofSource(file, text)
    const block = blocks.find((candidate) => candidate.line === Number(line))
    return block && Example.compile(file, block.code, block.line)
  },
})
