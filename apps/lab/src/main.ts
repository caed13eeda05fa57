#!/usr/bin/env node
import process from "node:process"
import { run } from "./cli/Program.ts"
import { Systems } from "./evidence/Systems.ts"

run(process.argv.slice(2), Systems.layer)
