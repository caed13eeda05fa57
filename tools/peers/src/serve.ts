/** The worker of our side: `node serve.ts <workload.ts>`; see Protocol. */
import { enableWideVectors } from "@nonconvex/numerics/WideVectors"
import { createInterface } from "node:readline"
import { pathToFileURL } from "node:url"
import { sample } from "./Numbers.ts"
import type { Request } from "./Protocol.ts"
import type { Work, Workload } from "./Workload.ts"

/** Seconds of one run, from enough of them to fill `least` seconds. */
const timed = async ({ run }: Work, least: number): Promise<number> => {
  let count = 1
  for (;;) {
    const start = performance.now()
    for (let i = 0; i < count; i++) {
      const pending = run()
      // oxlint-disable-next-line no-await-in-loop -- one run after the other is the measurement
      if (pending !== undefined) await pending
    }
    const elapsed = (performance.now() - start) / 1000
    if (elapsed >= least) return elapsed / count
    const factor = Math.min(100, (1.2 * least) / Math.max(elapsed, 1e-9))
    count = Math.max(count + 1, Math.floor(count * factor))
  }
}

const answer = (message: object) => {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

const serve = async (path: string) => {
  const { workload } = (await import(pathToFileURL(path).href)) as { workload: Workload }
  const { cases, implementations, missing = {}, versions = {} } = workload
  answer({
    cases,
    implementations: implementations.map(({ name, own, threads = "one" }) => ({
      name,
      own,
      threads,
    })),
    missing,
    versions: {
      node: process.version,
      v8: process.versions.v8,
      vectors: `${bits} bits`,
      ...versions,
    },
  })
  // The work prepared for the case at hand, by implementation.
  const prepared = new Map<string, Work>()
  let parameters = ""
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request
    if (request.kind === "prepare") {
      const key = JSON.stringify(request.parameters)
      if (key !== parameters) prepared.clear()
      parameters = key
      const chosen = implementations.find(({ name }) => name === request.implementation)
      const work = chosen?.prepare(request.parameters)
      if (work === undefined) {
        answer({ applies: false })
        continue
      }
      prepared.set(request.implementation, work)
      await work.run()
      answer({ applies: true, values: sample(await work.result()) })
    } else {
      answer({ seconds: await timed(prepared.get(request.implementation)!, request.least) })
    }
  }
}

const { bits } = enableWideVectors()
await serve(process.argv[2]!)
