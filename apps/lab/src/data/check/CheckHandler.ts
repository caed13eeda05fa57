import { check, lean, readCertificate, rocq } from "@nonconvex/worst-case"
import { Effect, Path, Schema } from "effect"
import { Unwritable } from "../../cli/Failure.ts"
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

/** Names of files that coqc compiles: the file is a module of that name. */
const moduleFile = /^[\p{L}_][\p{L}\p{N}_']*\.v$/u

/** Stages a file for Rocq under a name that coqc takes. */
const stageRocq = Effect.fnUntraced(function* (name: string, certificate: string) {
  const staged = yield* Folder.stageFile(name, [certificate])
  const path = yield* Path.Path
  if (moduleFile.test(path.basename(name))) return staged
  const reason =
    "coqc takes names of letters, digits and underscores that end with .v, such as theorem.v"
  return yield* new Unwritable({ path: name, reason })
})

export const handle = Effect.fn("check")(function* (input: Input) {
  const { file, json } = input
  const asLean = input.lean === undefined ? undefined : yield* Folder.stageFile(input.lean, [file])
  const asRocq = input.rocq === undefined ? undefined : yield* stageRocq(input.rocq, file)
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
