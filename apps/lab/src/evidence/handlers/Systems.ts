import { Console, Effect, Schema } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import { composed } from "../Systems.ts"

/** One system in the list that `systems --json` prints. */
export const SystemEntry = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  paper: Schema.String,
  arxiv: Schema.String,
  claims: Schema.Int,
  errata: Schema.Int,
  experiments: Schema.Int,
})

export const handle = Effect.fn("systems")(function* ({ json }: { readonly json: boolean }) {
  const entries = (yield* composed).map(({ claims, errata, experiments, id, paper, title }) => ({
    id,
    title,
    paper: `${paper.authors} ${paper.year}, ${paper.title}`,
    arxiv: paper.arxiv,
    claims: claims.length,
    errata: errata.length,
    experiments: experiments.length,
  }))
  if (json) return yield* Output.json(Schema.Array(SystemEntry), entries)
  const cells = entries.map((entry) => [
    entry.id,
    String(entry.claims),
    String(entry.errata),
    String(entry.experiments),
    entry.paper,
  ])
  return yield* Console.log(
    Table.render(["SYSTEM", "CLAIMS", "ERRATA", "EXPERIMENTS", "PAPER"], cells),
  )
}, Effect.provide(Capable.idle))
