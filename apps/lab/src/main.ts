#!/usr/bin/env node
import process from "node:process"
import { run } from "./Program.ts"
import { Systems } from "./Systems.ts"

run(process.argv.slice(2), Systems.layer)
