/** Finds systems, statements and experiments by the name that a user gives. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import type { System } from "@nonconvex/evidence/System"
import { idOf, type Target, targetsOf } from "@nonconvex/runner/Verify"
import { Effect, Option } from "effect"
import { NotFound } from "../cli/Failure.ts"
import * as EditDistance from "../cli/EditDistance.ts"
import type { SystemIndex } from "./SystemIndex.ts"
import { index, Systems } from "./Systems.ts"
import * as SourceFile from "./SourceFile.ts"

/** Kind of item, with its listing. */
interface Kind<Item> {
  readonly kind: string
  readonly list: string
  readonly id: (item: Item) => string
}

/**
 * Item with this name; the system may be omitted if the rest is unique: `valley` for `optim-sam/valley`. Fails with
 * `NotFound`, which suggests from `known`, by default all items.
 */
const byName = <Item>(
  { id, kind, list }: Kind<Item>,
  items: ReadonlyArray<Item>,
  name: string,
  known: ReadonlyArray<string> = items.map(id),
): Effect.Effect<Item, NotFound> => {
  const short = items.filter((item) => id(item).split("/").at(-1) === name)
  const found =
    items.find((item) => id(item) === name) ?? (short.length === 1 ? short[0] : undefined)
  return found === undefined
    ? Effect.fail(new NotFound({ kind, name, suggestions: EditDistance.names(name, known), list }))
    : Effect.succeed(found)
}

/** Fails with `NotFound`. */
type Looked<Item> = Effect.Effect<Item, NotFound, Systems>

/**
 * Searches the system with which a full name begins, and all systems if that one has no such item. Other systems are loaded
 * only when needed.
 */
const among = <Sought>(
  name: string | undefined,
  look: (systems: ReadonlyArray<System>) => Effect.Effect<Sought, NotFound>,
): Looked<Sought> =>
  Effect.gen(function* () {
    const { all, one } = yield* Systems
    const own = name === undefined ? undefined : yield* one(name.split("/")[0]!)
    const found = own === undefined ? Option.none() : yield* Effect.option(look([own]))
    return Option.isSome(found) ? found.value : yield* look(yield* all)
  })

const idOfSystem = ({ id }: { readonly id: string }): string => id

/** Index of the systems to list: all, or the one of this name. */
export const systems = (name: string | undefined): Looked<ReadonlyArray<SystemIndex>> =>
  Effect.flatMap(index, (all) => {
    if (name === undefined) return Effect.succeed(all)
    const kind = { kind: "system", list: "nonconvex systems", id: idOfSystem }
    return Effect.map(byName(kind, all, name), (found) => [found])
  })

/** The claim or erratum of this name. */
export const statement = (name: string): Looked<Target> =>
  among(name, (within) =>
    byName(
      { kind: "claim or erratum", list: "nonconvex claims", id: idOf },
      within.flatMap(targetsOf),
      name,
    ),
  )

/** All statements, those of a system, or the one with this name. */
export const statements = (name: string | undefined): Looked<ReadonlyArray<Target>> =>
  among(name, (within) => {
    const targets = within.flatMap(targetsOf)
    if (name === undefined) return Effect.succeed(targets)
    const whole = within.find(({ id }) => id === name)
    if (whole !== undefined) return Effect.succeed(targetsOf(whole))
    const kind = { kind: "system, claim or erratum", list: "nonconvex claims", id: idOf }
    const known = [...within.map(idOfSystem), ...targets.map(idOf)]
    return Effect.map(byName(kind, targets, name, known), (found) => [found])
  })

/** All claims, errata and experiments, those of a system, or the one with this name. */
export const sought = (name: string | undefined): Looked<ReadonlyArray<SourceFile.Sought>> =>
  among(name, (within) => {
    const every = within.flatMap(SourceFile.soughtIn)
    if (name === undefined) return Effect.succeed(every)
    const whole = within.find(({ id }) => id === name)
    if (whole !== undefined) return Effect.succeed(SourceFile.soughtIn(whole))
    const id = (each: SourceFile.Sought) => each.id
    const kind = { kind: "system, claim, erratum or experiment", list: "nonconvex claims", id }
    return Effect.map(
      byName(kind, every, name, [...within.map(idOfSystem), ...every.map(id)]),
      (found) => [found],
    )
  })

/** An experiment and the system that it belongs to. */
export interface Found {
  readonly system: System
  readonly experiment: Experiment
}

/** The experiment of this name. */
export const experiment = (name: string): Looked<Found> =>
  among(name, (within) =>
    byName(
      {
        kind: "experiment",
        list: "nonconvex experiments",
        id: (found: Found) => found.experiment.id,
      },
      within.flatMap((system) => system.experiments.map((each) => ({ system, experiment: each }))),
      name,
    ),
  )
