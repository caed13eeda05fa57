import { Console, Effect, Schema } from "effect"
import { Command } from "effect/cli"
import * as Flags from "../../cli/Flags.ts"
import * as Output from "../../cli/Output.ts"
import { Systems } from "../Systems.ts"
import * as Table from "../../cli/TextTable.ts"

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

export const systems = Command.make(
  "systems",
  { json: Flags.json },
  Effect.fn(function* ({ json }) {
    const entries = (yield* Systems).map(({ claims, errata, experiments, id, paper, title }) => ({
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
  }),
).pipe(
  Command.withDescription("List the systems: one paper each, with how much of it is executable"),
  Command.withExamples([{ command: "nonconvex systems", description: "The table" }]),
)
