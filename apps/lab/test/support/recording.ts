/** Records what ran when in a real `reproduce`, for the tests of estimates: `node --conditions=source recording.ts <file> <preset>`. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { program } from "../../src/cli/Program.ts"
import { Progress } from "../../src/cli/Progress.ts"
import { Systems } from "../../src/evidence/Systems.ts"
import { record } from "./Schedule.ts"

const [, , file = "schedule.json", preset = "fast"] = process.argv
const threads = 2
const out = mkdtempSync(join(tmpdir(), "nonconvex-schedule-"))
const args = [
  "reproduce",
  "--preset",
  preset,
  "--jobs",
  String(threads),
  "--no-store",
  "--out",
  out,
]

const services = Layer.mergeAll(Systems.layer, Progress.layer, TerminalCapabilities.layer).pipe(
  Layer.provideMerge(NodeServices.layer),
)

const schedule = await Effect.runPromise(
  record(threads, program(args)).pipe(Effect.provide(services)),
)
rmSync(out, { recursive: true })
writeFileSync(file, `${JSON.stringify(schedule)}\n`)
