import { check, lean, readCertificate, rocq } from "@nonconvex/worst-case"
import { Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import { read, working } from "../worst-case/WorstCaseFile.ts"
import type { Input } from "./CheckFlags.ts"

/** JSON of `check`. */
export const CheckReport = Schema.Struct({
  measure: Schema.String,
  bound: Schema.String,
  conditions: Schema.Int,
  squares: Schema.Int,
})

export const handle = Effect.fn("check")(function* (input: Input) {
  const { file, json } = input
  const asLean = input.lean === undefined ? undefined : yield* Folder.stageFile(input.lean, [file])
  const asRocq = input.rocq === undefined ? undefined : yield* Folder.stageFile(input.rocq, [file])
  const certificate = yield* read(file, readCertificate)
  const theorem = yield* working(file, () => check(certificate))
  if (asLean !== undefined) yield* asLean.write(lean(theorem))
  if (asRocq !== undefined) yield* asRocq.write(rocq(theorem))
  const { measure, multipliers, squares } = theorem
  const found = {
    measure,
    bound: certificate.bound,
    conditions: multipliers.size,
    squares: squares.weights.length,
  }
  yield* json
    ? Output.json(CheckReport, found)
    : Output.text(
        [
          `proved         ${measure} is at most ${certificate.bound}`,
          `by             ${Table.plural(found.conditions, "condition")} and ${Table.plural(found.squares, "square")}, in exact integer arithmetic`,
        ].join("\n"),
      )
}, Effect.scoped)
