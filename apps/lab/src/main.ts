#!/usr/bin/env node
import module from "node:module"
import process from "node:process"

const words = process.argv.slice(2)
// what only explains itself is to come at once, also on the first start, which checks them
const computes =
  words.length > 0 && !words.some((word) => ["--help", "-h", "--version"].includes(word))
// before anything is compiled, and before what is compiled is kept
if (computes) {
  await import("@nonconvex/numerics/WideVectors").then(
    ({ enableWideVectors }) => enableWideVectors(),
    // where the kernels were never made, the command itself says so
    () => undefined,
  )
}
// halves the time of every start but the first; older releases of Node go without
module.enableCompileCache?.()

const [{ run }, { Systems }] = await Promise.all([
  import("./cli/Program.ts"),
  import("./evidence/Systems.ts"),
])

run(words, Systems.layer)
