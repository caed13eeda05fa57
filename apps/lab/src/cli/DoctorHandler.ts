import { Datasets } from "@nonconvex/datasets/Datasets"
import { Effect, Schema } from "effect"
import { Unfit } from "./Failure.ts"
import * as Machine from "./Machine.ts"
import * as Output from "./Output.ts"
import { paint } from "./Paint.ts"
import * as Table from "./TextTable.ts"

const words = { good: "ok", note: "note", bad: "BAD" } as const

export const handle = Effect.fn("doctor")(function* ({
  json,
  out,
}: {
  readonly json: boolean
  readonly out: string
}) {
  const findings = yield* Machine.all(out)
  if (json) yield* Output.json(Schema.Array(Machine.Finding), findings)
  else {
    const { bad, dim, good } = yield* paint
    const colour = { good, note: dim, bad }
    const width = Math.max(...findings.map(({ name }) => name.length))
    const indent = " ".repeat(width + 7)
    const most = yield* Output.width
    yield* Output.text(
      findings
        .map(
          ({ name, state, text }) =>
            `${colour[state](words[state].padEnd(5))}${name.padEnd(width)}  ${Table.wrap(text, most, indent).trimStart()}`,
        )
        .join("\n"),
    )
  }
  const unfit = findings.filter(({ state }) => state === "bad").map(({ name }) => name)
  if (unfit.length > 0) return yield* new Unfit({ names: unfit })
}, Effect.provide(Datasets.layer))
