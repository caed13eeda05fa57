#!/usr/bin/env node
import module from "node:module"
import process from "node:process"

// halves the time of every start but the first; older releases of Node go without
module.enableCompileCache?.()

const [{ run }, { Systems }] = await Promise.all([
  import("./cli/Program.ts"),
  import("./evidence/Systems.ts"),
])

run(process.argv.slice(2), Systems.layer)
