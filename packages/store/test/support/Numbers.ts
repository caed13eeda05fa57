/** A system that computes nothing, what is kept of it, and programs that keep it. */
import type { Row } from "@nonconvex/evidence"
import type { System } from "@nonconvex/evidence/System"
import type { Outcome, Part, Subject } from "@nonconvex/runner"
import { Effect, Layer } from "effect"
import { type Provenance } from "../../src/index.ts"
import * as KeptRuns from "../../src/KeptRuns.ts"
import type * as Sqlite from "../../src/Sqlite.ts"

export const system: System = {
  id: "numbers",
  package: "@nonconvex/store",
  version: "0.1.0",
  title: "Numbers",
  paper: {
    title: "On Numbers",
    authors: "Nobody",
    venue: "Nowhere",
    year: 2026,
    arxiv: "0000.00000",
  },
  claims: [],
  errata: [],
  experiments: [],
  operations: [],
}

export const provenance: Provenance = {
  host: "here",
  cpu: "one",
  platform: "linux",
  node: "24.0.0",
  packages: { "@nonconvex/store": "0.1.0" },
}

export interface Opening extends Omit<Sqlite.Options, "file"> {
  readonly fresh?: boolean
  readonly code?: string | undefined
  readonly host?: string
  /** Gets what the user is told. */
  readonly said?: Array<string>
}

/** The store in a file, by a program of this code on this host. */
export const storedBy = (
  file: string,
  { code = "code", fresh = false, host, said = [], ...options }: Opening = {},
) =>
  Layer.fresh(
    KeptRuns.layerFile(
      { file, ...options },
      {
        capabilities: { kernels: "strict" },
        fresh,
        code: () => Effect.succeed(code),
        provenance: Effect.succeed(host === undefined ? provenance : { ...provenance, host }),
        say: (line) => Effect.sync(() => void said.push(line)),
      },
    ),
  )

export const experiment = (id = "numbers/squares", more: Partial<Subject> = {}): Subject => ({
  kind: "experiment",
  id,
  config: { upTo: 3 },
  seed: 1,
  parts: 2,
  ...more,
})

export const rows = (...all: ReadonlyArray<Row>): Part => ({
  _tag: "Rows",
  rows: all,
  seconds: 0.5,
})

type Attempt = Extract<Part, { _tag: "Searched" }>["attempt"]

export const searched = (
  margins: ReadonlyArray<number>,
  violation?: NonNullable<Attempt["violation"]>,
): Part => ({
  _tag: "Searched",
  seconds: 0,
  attempt: {
    margins: Float64Array.from(margins),
    interrupted: false,
    ...(violation === undefined ? {} : { violation }),
  },
})

export const shown: Outcome = { _tag: "Shown", expectations: [], data: [] }

export const subjectOf = (index: number, parts: number): Subject =>
  experiment(`numbers/${index}`, { parts })

/** What every program finds for a part. */
export const valueOf = (index: number, place: number): number => Math.sqrt(index + place / 7)
