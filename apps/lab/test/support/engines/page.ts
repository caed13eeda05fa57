/** In a worker of a browser: is sent what is asked, and answers with what was found, or why nothing was. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { TrainTest } from "@nonconvex/datasets/Split"
import { Effect, Layer } from "effect"
import * as Carried from "./Carried.ts"
import { type Asked, findings } from "./Findings.ts"

const load = (name: string, selection: object = {}) =>
  Effect.promise(async () => {
    const query = new URLSearchParams({ name, selection: JSON.stringify(selection) })
    const response = await fetch(`/data?${query.toString()}`)
    if (!response.ok) throw new Error(`data set ${name}: ${await response.text()}`)
    return Carried.decode(await response.text()) as TrainTest<never>
  })

const data = Layer.succeed(Datasets, Datasets.of({ list: [], load, find: load }))

/** What a worker has, of which the types of Node know nothing. */
const worker = globalThis as unknown as {
  readonly addEventListener: (
    type: "message",
    listener: (message: { readonly data: Asked }) => void,
  ) => void
  readonly postMessage: (answer: { readonly found: string } | { readonly reason: string }) => void
}

worker.addEventListener("message", ({ data: asked }) => {
  findings(asked, data).then(
    (found) => worker.postMessage({ found }),
    (error: unknown) => worker.postMessage({ reason: String(error) }),
  )
})
