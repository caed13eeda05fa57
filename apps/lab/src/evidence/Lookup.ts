/** Systems, statements and experiments by the name that a user gives. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import type { System } from "@nonconvex/evidence/System"
import { idOf, type Target, targetsOf } from "@nonconvex/runner/Verify"
import { Effect } from "effect"
import { NotFound } from "../cli/Failure.ts"
import * as Nearest from "../cli/Nearest.ts"
import type { Capability } from "../cli/Capable.ts"
import { composed, type Systems } from "./Systems.ts"

/** A name without its system is enough where only one has it: `valley` for `optim-sam/valley`. */
const byId = <Item>(
  items: ReadonlyArray<Item>,
  id: (item: Item) => string,
  name: string,
): Item | undefined => {
  const exact = items.find((item) => id(item) === name)
  if (exact !== undefined) return exact
  const short = items.filter((item) => id(item).split("/").at(-1) === name)
  return short.length === 1 ? short[0] : undefined
}

const notFound = (kind: string, name: string, known: ReadonlyArray<string>, list: string) =>
  new NotFound({ kind, name, suggestions: Nearest.names(name, known), list })

/** The system of this name. Fails with `NotFound`. */
export const system = Effect.fnUntraced(function* (
  name: string,
): Effect.fn.Return<System, NotFound, Systems | Capability> {
  const systems = yield* composed
  const found = systems.find(({ id }) => id === name)
  if (found !== undefined) return found
  const known = systems.map(({ id }) => id)
  return yield* notFound("system", name, known, "nonconvex systems")
})

/** The claim or erratum of this name. Fails with `NotFound`. */
export const statement = Effect.fnUntraced(function* (
  name: string,
): Effect.fn.Return<Target, NotFound, Systems | Capability> {
  const targets = (yield* composed).flatMap(targetsOf)
  const found = byId(targets, idOf, name)
  if (found !== undefined) return found
  return yield* notFound("claim or erratum", name, targets.map(idOf), "nonconvex claims")
})

/** All statements, those of a system, or the one of this name. Fails with `NotFound`. */
export const statements = Effect.fnUntraced(function* (
  name: string | undefined,
): Effect.fn.Return<ReadonlyArray<Target>, NotFound, Systems | Capability> {
  const systems = yield* composed
  if (name === undefined) return systems.flatMap(targetsOf)
  const whole = systems.find(({ id }) => id === name)
  if (whole !== undefined) return targetsOf(whole)
  const targets = systems.flatMap(targetsOf)
  const found = byId(targets, idOf, name)
  if (found !== undefined) return [found]
  const known = [...systems.map(({ id }) => id), ...targets.map(idOf)]
  return yield* notFound("system, claim or erratum", name, known, "nonconvex claims")
})

/** An experiment and the system that it belongs to. */
export interface Found {
  readonly system: System
  readonly experiment: Experiment
}

const experimentsOf = (whole: System): ReadonlyArray<Found> =>
  whole.experiments.map((experiment) => ({ system: whole, experiment }))

/** The experiment of this name. Fails with `NotFound`. */
export const experiment = Effect.fnUntraced(function* (
  name: string,
): Effect.fn.Return<Found, NotFound, Systems | Capability> {
  const all = (yield* composed).flatMap(experimentsOf)
  const id = (found: Found) => found.experiment.id
  const found = byId(all, id, name)
  if (found !== undefined) return found
  return yield* notFound("experiment", name, all.map(id), "nonconvex experiments")
})

/** The systems to list: all, or the one of this name. Fails with `NotFound`. */
export const systems = (
  name: string | undefined,
): Effect.Effect<ReadonlyArray<System>, NotFound, Systems | Capability> =>
  name === undefined ? composed : Effect.map(system(name), (found) => [found])
