import { Console, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import * as Machine from "./Machine.ts"
import { Unfit } from "./Failure.ts"
import * as Flags from "./Flags.ts"
import * as Output from "./Output.ts"
import { paint } from "./Paint.ts"

const words = { good: "ok", note: "note", bad: "BAD" } as const

export const doctor = Command.make(
  "doctor",
  {
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The report folder to look at"),
      Flag.withMetavar("folder"),
      Flag.withDefault("report"),
    ),
    json: Flags.json,
  },
  Effect.fn(function* ({ json, out }) {
    const findings = yield* Machine.all(out)
    if (json) yield* Output.json(Schema.Array(Machine.Finding), findings)
    else {
      const { bad, dim, good } = yield* paint
      const colour = { good, note: dim, bad }
      const width = Math.max(...findings.map(({ name }) => name.length))
      yield* Console.log(
        findings
          .map(
            ({ name, state, text }) =>
              `${colour[state](words[state].padEnd(5))}${name.padEnd(width)}  ${text}`,
          )
          .join("\n"),
      )
    }
    const unfit = findings.filter(({ state }) => state === "bad").map(({ name }) => name)
    if (unfit.length > 0) return yield* new Unfit({ names: unfit })
  }),
).pipe(
  Command.withDescription(
    "Look at this machine: what is needed, what is optional, what is missing",
  ),
  Command.withExamples([{ command: "nonconvex doctor", description: "Everything it looks at" }]),
)
