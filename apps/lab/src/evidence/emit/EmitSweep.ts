/** Writes the files that run a sweep elsewhere. */
import * as RunSweep from "@nonconvex/runner/sweep/RunSweep"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { Effect, Path } from "effect"
import process from "node:process"
import type * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as Compose from "./Compose.ts"
import { type Emission, type Emitted, sweepFile } from "./Emission.ts"
import * as Kubernetes from "./Kubernetes.ts"
import * as Slurm from "./Slurm.ts"

/** Target of the files, and the needs of each shard there. */
export interface Target extends Capabilities.Chosen {
  readonly emit: "slurm" | "kubernetes" | "compose"
  readonly shards: number | undefined
  readonly out: string | undefined
  readonly image: string | undefined
  readonly limit: number
}

/** A reference to an image, with a registry, a tag or a digest. */
const image = /^[\w][\w.:/@-]*$/

/** Bytes of a ConfigMap, less those around the sweep. */
const mostInConfigMap = 1_000_000

const address =
  "an address such as registry.example.org/nonconvex:1, from which the image of the Dockerfile is pulled"

/** Image of a target that needs one. */
const imageOf = (target: Target) => {
  if (target.data !== undefined) {
    const needs = "--emit slurm: containers have only the data sets of their image"
    return Effect.fail(new Misfit({ flag: "data", needs }))
  }
  const named = target.image ?? (target.emit === "compose" ? "nonconvex" : undefined)
  if (named === undefined) {
    return Effect.fail(new Misfit({ flag: "emit kubernetes", needs: `--image: ${address}` }))
  }
  return image.test(named)
    ? Effect.succeed(named)
    : Effect.fail(new Misfit({ flag: "image", needs: address }))
}

const emitted = Effect.fnUntraced(function* (target: Target, emission: Emission) {
  switch (target.emit) {
    case "slurm": {
      if (target.image !== undefined) {
        return yield* new Misfit({ flag: "image", needs: "--emit kubernetes or --emit compose" })
      }
      return Slurm.emit(emission, [process.execPath, ...process.execArgv, process.argv[1]!])
    }
    case "kubernetes": {
      if (emission.sweep.length > mostInConfigMap) {
        const reason = `its ${emission.sweep.length} bytes exceed the limit of a ConfigMap; give ranges in place of long lists of values`
        return yield* new Sweep.InvalidSweep({ reason })
      }
      return Kubernetes.emit(emission, yield* imageOf(target))
    }
    case "compose": {
      const ids = [process.getuid?.(), process.getgid?.()]
      const user = ids.includes(undefined) ? undefined : ids.join(":")
      return Compose.emit(emission, yield* imageOf(target), user)
    }
  }
})

const inAscii = (text: string): string =>
  text.replaceAll(
    /[^\n -~]/g,
    (each) => String.raw`\u` + each.charCodeAt(0).toString(16).padStart(4, "0"),
  )

/** Writes the files into the folder of the target, and prints the commands that run them. */
export const emit = Effect.fn("EmitSweep.emit")(function* (
  prepared: RunSweep.PreparedSweep,
  target: Target,
) {
  const { data, jobs, kernels, limit, out, shards } = target
  if (shards === undefined) {
    return yield* new Misfit({ flag: "emit", needs: "--shards: the number of jobs" })
  }
  if (out === undefined) {
    return yield* new Misfit({ flag: "emit", needs: "--out: the folder for its files" })
  }
  yield* RunSweep.inShard(prepared, { shard: 1, shards })
  const path = yield* Path.Path
  const { count, experiment, sweep } = prepared
  const id = yield* Sweep.idOf(sweep)
  const text = inAscii(yield* Output.encode(Sweep.Sweep, sweep))
  const { files, steps }: Emitted = yield* emitted(target, {
    name: `${experiment.id.split("/").at(-1)}-${id.slice(0, 12)}`,
    sweep: text,
    shards,
    threads: jobs ?? 1,
    flags: [
      "--limit",
      `${limit}`,
      ...(kernels === "strict" ? [] : ["--kernels", kernels]),
      ...(data === undefined ? [] : ["--data", path.resolve(data)]),
    ],
  })
  const folder = yield* Folder.stage(out)
  const all = { [sweepFile]: text, ...files }
  for (const [name, content] of Object.entries(all)) yield* folder.write(name, content)
  yield* folder.publish
  return yield* Output.text(
    [
      `${Table.plural(count, "trial")} in ${Table.plural(shards, "shard")}: ${Object.keys(all).toSorted().join(", ")} in ${out}`,
      "run in this folder:",
      ...steps.map((step) => `  ${step}`),
    ].join("\n"),
  )
}, Effect.scoped)
