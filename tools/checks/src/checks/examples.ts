/** The examples of the documentation as a reader would paste them, past the type checker. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Block from "../../../doctest/src/Block.ts"
import * as Documents from "../../../doctest/src/Documents.ts"
import type { Check } from "../Check.ts"
import { failed, fromFindings } from "../Check.ts"
import * as Command from "../Command.ts"

const folder = ".doctest"

const tsconfig = JSON.stringify({
  extends: "../tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    // an example beside a file that the package does not export takes it by its path
    rootDirs: [".", ".."],
  },
  // with what packages declare of libraries that have no types
  include: ["**/*.ts", "../packages/*/src/**/*.d.ts", "../apps/*/src/**/*.d.ts"],
})

/** What `examples` decides, of the documents below some folders alone; of none given of all. */
export const examplesOf =
  (...folders: ReadonlyArray<string>): Check["run"] =>
  async (root) => {
    rmSync(join(root, folder), { recursive: true, force: true })
    const isAsked = (file: string) =>
      folders.length === 0 || folders.some((each) => file.startsWith(`${each}/`))
    const modules = Documents.list(root)
      .filter(({ file }) => isAsked(file))
      .flatMap(({ blocks, file }) =>
        blocks
          .filter((block) => Block.use(block) === "module")
          .map(({ code, line }) => ({
            code,
            line,
            target: join(root, folder, `${file}.${line}.ts`),
          })),
      )
    if (modules.length === 0) return fromFindings([])
    for (const { code, line, target } of modules) {
      mkdirSync(dirname(target), { recursive: true })
      // Padded, so that an error names the line of the document; a module, so that names do not clash.
      writeFileSync(target, `${"\n".repeat(line)}${code}\nexport {}\n`)
    }
    writeFileSync(join(root, folder, "tsconfig.json"), tsconfig)
    const args = ["-p", `${folder}/tsconfig.json`, "--pretty", "false"]
    const { code, output } = await Command.run(root, "tsc", args)
    return code === 0
      ? fromFindings([])
      : failed(output.replaceAll(/^\.doctest\/(.+)\.\d+\.ts(?=\()/gm, "$1"))
  }

export const examples: Check = {
  name: "examples",
  rule: "every example of the documentation is correctly typed, as it stands",
  run: examplesOf(),
}
