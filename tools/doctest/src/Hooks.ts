/** Examples as modules beside the file that shows them, so that relative imports mean the same: Node itself loads them, as a reader's Node would. */
import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as Block from "./Block.ts"
import * as Example from "./Example.ts"

const pattern = /^(file:.*)\.(\d+)\.doctest\.ts$/

/** The address of the module of the block at `line` of `file`. */
export const addressOf = (file: string, line: number): string =>
  `${pathToFileURL(file).href}.${line}.doctest.ts`

const blocksOf = (file: string): ReadonlyArray<Block.Block> => {
  const text = readFileSync(file, "utf8")
  return file.endsWith(".md") ? Block.ofMarkdown(text) : Block.ofSource(file, text)
}

/** Has this thread find examples at their addresses, until `deregister`. */
export const register = (): { readonly deregister: () => void } =>
  registerHooks({
    resolve: (specifier, context, next) =>
      pattern.test(specifier)
        ? { url: specifier, format: "module-typescript", shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) => {
      const [, address, line] = pattern.exec(url) ?? []
      if (address === undefined) return next(url, context)
      const file = fileURLToPath(address)
      const block = blocksOf(file).find((candidate) => candidate.line === Number(line))
      if (block === undefined) throw new Error(`${file}:${line} there is no example`)
      const source = Example.compile(file, block.code, block.line)
      return { format: "module-typescript", source, shortCircuit: true }
    },
  })
