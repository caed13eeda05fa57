/** Results of a report: the toy as it is reproduced, and beside it the seven papers with their studies. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Results from "../../src/evidence/report/Results.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import { system as toy } from "../fixtures/toy.ts"
import { nonconvex } from "./InProcess.ts"

const services = Layer.merge(Systems.layer, NodeServices.layer)

/** The toy as it is reproduced into a folder, and beside it the seven papers with their studies as they are stored. */
export const resultsIn = Effect.fnUntraced(function* (out: string) {
  const options = ["--preset", "smoke", "--quiet", "--jobs", "1", "--no-store", "--out", out]
  yield* nonconvex([toy], ["reproduce", ...options])
  const found = yield* Results.decode(readFileSync(join(out, "results.json"), "utf8"))
  const papers = yield* allSystems
  const studies = yield* StudyReport.all(join(import.meta.dirname, "../../../../studies"))
  const bare = papers.map(({ id, paper, title }) => ({
    id,
    title,
    paper,
    verdicts: [],
    experiments: [],
  }))
  return { ...found, systems: [...found.systems, ...bare], studies }
}, Effect.provide(services))
