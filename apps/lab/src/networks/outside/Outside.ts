/** Flags about networks of other programs, and the files that they name. */
import type * as Prepared from "@nonconvex/datasets/Prepared"
import {
  ForeignNetwork,
  NetworkDescription,
  readNetwork,
  type ReadModel,
} from "@nonconvex/interchange/node"
import { Effect, Schema } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Json from "../../files/Json.ts"

/** Values of `OutsideFlags`. */
export interface Options {
  readonly architecture: string | undefined
  readonly features: string | undefined
  readonly labels: string | undefined
  readonly rows: number | undefined
  readonly inputShift: ReadonlyArray<number> | undefined
  readonly inputScale: ReadonlyArray<number> | undefined
}

/** The file of `--architecture` is not a description of a network. */
export class UnreadableDescription extends Schema.TaggedError<UnreadableDescription>()(
  "UnreadableDescription",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}; see the README of @nonconvex/interchange for the description of layers`
  }
}

/** Flags about networks of other programs that were given. */
export const given = (options: Options): ReadonlyArray<string> => {
  const names: Readonly<Record<string, unknown>> = {
    architecture: options.architecture,
    features: options.features,
    labels: options.labels,
    rows: options.rows,
    "input-shift": options.inputShift,
    "input-scale": options.inputScale,
  }
  return Object.keys(names).filter((name) => names[name] !== undefined)
}

/** First such flag given with a network of `train`, if any. */
export const misfit = (options: Options): Misfit | undefined => {
  const [flag] = given(options)
  return flag === undefined
    ? undefined
    : new Misfit({
        flag,
        needs: "a network from another program: a file from train is self-contained",
      })
}

const decode = Json.by(NetworkDescription, { onExcessProperty: "error" })

/** Reads a network, with its description if one is named. Fails with the error of either file. */
export const read = Effect.fn("Outside.read")(function* (
  path: string,
  architecture: string | undefined,
) {
  const description =
    architecture === undefined
      ? undefined
      : yield* Json.read(architecture, Json.ofSettings, decode).pipe(
          Effect.mapError(
            ({ of, reason }) =>
              new UnreadableDescription({
                path: architecture,
                reason: of === "schema" ? `is not a description of a network (${reason})` : reason,
              }),
          ),
        )
  return yield* readNetwork(path, description)
})

/** The network with the samples of `source`. Fails with Misfit on a flag about columns of networks that `train` saved, and as `ForeignNetwork.attach`. */
export const attach = Effect.fn("Outside.attach")(function* (
  found: ReadModel,
  source: Prepared.Source,
  options: Options,
) {
  const { category, keep, ordinal, testFraction } = source
  const said = Object.entries({ keep, category, ordinal }).find(
    ([, values]) => (values ?? []).length > 0,
  )?.[0]
  const flag = testFraction === undefined ? said : "test-fraction"
  if (flag !== undefined)
    return yield* new Misfit({ flag, needs: "a network from nonconvex train --save" })
  return yield* ForeignNetwork.attach(found, source, options)
}, reported)
