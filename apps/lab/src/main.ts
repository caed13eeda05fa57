#!/usr/bin/env node
import { enableWideVectors } from "@nonconvex/numerics/WideVectors"
import module from "node:module"
import process from "node:process"

// before anything is compiled, and before what is compiled is kept
enableWideVectors()
// halves the time of every start but the first; older releases of Node go without
module.enableCompileCache?.()

const [{ run }, { Systems }] = await Promise.all([
  import("./cli/Program.ts"),
  import("./evidence/Systems.ts"),
])

run(process.argv.slice(2), Systems.layer)
