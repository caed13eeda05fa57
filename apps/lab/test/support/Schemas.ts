/** The JSON schemas of the networks that are written and read, by the name of their file in docs/schemas. */
import { NetworkDescription } from "@nonconvex/interchange/node"
import { Schema } from "effect"
import { SavedNetwork } from "../../src/networks/SavedNetwork.ts"
import { TwoLayerFile } from "../../src/networks/TwoLayerFile.ts"

interface Titled {
  readonly title: string
  readonly schema: Schema.Top
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
}

/** As draft 2020-12 of JSON Schema. */
export const documents: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(all).map(([name, { schema, title }]) => {
    const { definitions, schema: main } = Schema.toJsonSchemaDocument(Schema.toCodecJson(schema))
    const $schema = "https://json-schema.org/draft/2020-12/schema"
    const $defs = Object.keys(definitions).length === 0 ? {} : { $defs: definitions }
    return [name, `${JSON.stringify({ $schema, title, ...main, ...$defs }, null, 2)}\n`]
  }),
)
