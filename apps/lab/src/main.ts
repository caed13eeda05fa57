#!/usr/bin/env node
import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import process from "node:process"
import { exitCode } from "./Failure.ts"
import * as Program from "./Program.ts"
import { Systems } from "./Systems.ts"

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", () => process.exit(0))

Program.run(process.argv.slice(2)).pipe(
  Effect.provide(Systems.layer),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, end) => end(exitCode(exit)),
  }),
)
