/** The script of a page, which finds what it is asked for. It is no worker, in which HiGHS would have no name. */
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

/** For whoever drives the page: it is asked by name. */
Object.assign(globalThis, { findings: (asked: Asked) => findings(asked, data) })
