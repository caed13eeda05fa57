/** Which files document the project, and the blocks in them. */
import * as Files from "@nonconvex/nx-plugin/Files"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Block from "./Block.ts"

export interface Document {
  /** The path from the root. */
  readonly file: string
  readonly blocks: ReadonlyArray<Block.Block>
}

/** Written by the release tool, whose notes quote code that was true once. */
const isHistory = (file: string): boolean =>
  file.startsWith(".changeset/") || file.endsWith("CHANGELOG.md")

const isCode = (file: string): boolean => /^(?:packages|apps)\/[^/]+\/src\/.*\.ts$/.test(file)

/** Every Markdown file, and every source of a package or an app, that holds a code block. */
export const list = (root: string): ReadonlyArray<Document> =>
  Files.list(root)
    .filter((file) => (file.endsWith(".md") && !isHistory(file)) || isCode(file))
    .map((file) => {
      const text = readFileSync(join(root, file), "utf8")
      return {
        file,
        blocks: isCode(file) ? Block.ofSource(file, text) : Block.ofMarkdown(text),
      }
    })
    .filter(({ blocks }) => blocks.length > 0)
