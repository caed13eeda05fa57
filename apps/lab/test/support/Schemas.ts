/** The JSON schemas of what is written and read, by the name of their file in docs/schemas. */
import { NetworkDescription } from "@nonconvex/interchange/node"
import { Certificate, MethodFile } from "@nonconvex/worst-case"
import { Schema } from "effect"
import { SavedNetwork } from "../../src/networks/SavedNetwork.ts"
import { TwoLayerFile } from "../../src/networks/TwoLayerFile.ts"
import { CompletionFile } from "../../src/data/complete/CompletionFile.ts"
import { Results } from "../../src/evidence/report/Results.ts"
import { outputs } from "./Outputs.ts"

interface Titled {
  readonly title: string
  readonly schema: Schema.Top
  /** True if the reader refuses unknown fields. */
  readonly isStrict?: boolean
}

const all: Readonly<Record<string, Titled>> = {
  "network-1.json": {
    title: "A network that nonconvex train saves, format 1",
    schema: SavedNetwork,
  },
  "network-2.json": {
    title: "A two-layer network that nonconvex flatten writes, format 2",
    schema: TwoLayerFile,
  },
  "architecture-1.json": {
    title: "The description of a network for --architecture, version 1",
    schema: NetworkDescription,
  },
  "completion-1.json": {
    title: "A completion that nonconvex complete --save-model writes, format 1",
    schema: CompletionFile,
  },
  "method-1.json": {
    title: "A method that nonconvex worst-case reads, version 1",
    schema: MethodFile,
    isStrict: true,
  },
  "proof-1.json": {
    title: "A proof that nonconvex worst-case --certificate wrote, version 1",
    schema: Schema.Struct({ ...Certificate.fields, version: Schema.Literal(1) }),
  },
  "proof-2.json": {
    title: "A proof that nonconvex worst-case --certificate writes, version 2",
    schema: Schema.Struct({ ...Certificate.fields, version: Schema.Literal(2) }),
  },
  "results-1.json": {
    title: "The results.json that nonconvex reproduce writes, format 1",
    schema: Results,
  },
  ...Object.fromEntries(
    Object.entries(outputs).flatMap(([command, schemas]) =>
      Object.entries(schemas).map(([name, schema]) => [
        name,
        { title: `What nonconvex ${command} --json prints, version 1`, schema },
      ]),
    ),
  ),
}

/** As draft 2020-12 of JSON Schema. */
export const documents: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(all).map(([name, { isStrict = false, schema, title }]) => {
    const { definitions, schema: main } = Schema.toJsonSchemaDocument(Schema.toCodecJson(schema), {
      onExcessProperty: isStrict ? "error" : "ignore",
    })
    const $schema = "https://json-schema.org/draft/2020-12/schema"
    const $defs = Object.keys(definitions).length === 0 ? {} : { $defs: definitions }
    return [name, `${JSON.stringify({ $schema, title, ...main, ...$defs }, null, 2)}\n`]
  }),
)
