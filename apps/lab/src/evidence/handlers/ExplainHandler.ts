import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NotFound } from "../../cli/Failure.ts"
import * as EditDistance from "../../cli/EditDistance.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Glossary from "../Glossary.ts"

/** One term in the list that `explain --json` prints. */
export const TermEntry = Schema.Struct({
  term: Schema.String,
  /** Other names of it. */
  also: Schema.Array(Schema.String),
  /** The system that uses it so, or `evidence`. */
  system: Schema.String,
  meaning: Schema.String,
})

const describe =
  (width: number) =>
  ({ also, meaning, system, term }: Glossary.Entry): string => {
    const others = also.length === 0 ? "" : `, also ${also.join(", ")}`
    return `${term} (${system}${others})\n${Table.wrap(meaning, width, "  ")}`
  }

export const handle = Effect.fn("explain")(function* ({
  json,
  words,
}: {
  readonly json: boolean
  readonly words: ReadonlyArray<string>
}) {
  const name = words.join(" ")
  const found = name === "" ? Glossary.entries : Glossary.find(name)
  const around = name === "" ? [] : Glossary.around(name).filter((entry) => !found.includes(entry))
  if (found.length + around.length === 0) {
    const suggestions = EditDistance.names(name, Glossary.entries.flatMap(Glossary.namesOf))
    return yield* new NotFound({ kind: "term", name, suggestions, list: "nonconvex explain" })
  }
  if (json || found.length > 0) {
    yield* Output.list(TermEntry, found.length > 0 ? found : around, { json }, describe)
  }
  if (json || around.length === 0) return
  const others = around.map(({ term }) => term).join(", ")
  yield* Output.text(found.length === 0 ? `perhaps ${others}` : `\nsee also ${others}`)
})
