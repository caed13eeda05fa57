/** The language of the files of methods: `Method`, with the constants that each class has. */
import * as Schema from "effect/Schema"
import type { Class } from "../estimation/Class.ts"
import { classes } from "../estimation/Classes.ts"
import { Method, Name, Number } from "./Method.ts"

/** A class by its name, with its constants. */
const classStruct = (name: string, { about, hasBlocks = false, isExact, may = [], needs }: Class) =>
  Schema.Struct({
    class: Schema.Literal(name),
    ...Object.fromEntries(hasBlocks ? [["blocks", Schema.Array(Number)] as const] : []),
    ...Object.fromEntries(needs.map((constant) => [constant, Number])),
    ...Object.fromEntries(may.map((constant) => [constant, Schema.optionalKey(Number)])),
  }).annotate({
    description: `${about} The worst case is ${isExact ? "exact" : "an upper bound"}.`,
  })

export const classStructs: Readonly<Record<string, ReturnType<typeof classStruct>>> =
  Object.fromEntries(Object.entries(classes).map(([name, of]) => [name, classStruct(name, of)]))

export const MethodFile = Schema.Struct({
  ...Method.fields,
  functions: Schema.Record(Name, Schema.Union(Object.values(classStructs))),
})
