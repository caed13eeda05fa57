#!/usr/bin/env node
import { existsSync } from "node:fs"
import module from "node:module"
import process from "node:process"

const words = process.argv.slice(2)
// what only explains itself is to come at once, also on the first start, which checks them
const explains =
  words.length === 0 ||
  (!words.includes("--") && words.some((word) => ["--help", "-h", "--version"].includes(word)))
// before anything is compiled, and before what is compiled is kept
if (!explains) {
  await import("@nonconvex/numerics/WideVectors").then(
    ({ enableWideVectors }) => enableWideVectors(),
    // where the kernels were never made, the command itself says so
    () => undefined,
  )
}
// halves the time of every start but the first; older releases of Node go without
module.enableCompileCache?.()

type Program = Pick<typeof import("./cli/Program.ts"), "run"> &
  Pick<typeof import("./evidence/Systems.ts"), "Systems">

const modules = async (): Promise<Program> => {
  const [{ run }, { Systems }] = await Promise.all([
    import("./cli/Program.ts"),
    import("./evidence/Systems.ts"),
  ])
  return { run, Systems }
}

/** The same in one file, where the program was built: see scripts/help.ts. */
const inOneFile = new URL("help.js", import.meta.url)

const { run, Systems } =
  explains && existsSync(inOneFile) ? ((await import(inOneFile.href)) as Program) : await modules()

run(words, Systems.layer)
