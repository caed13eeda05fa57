import { evidenceOf, type Home } from "@nonconvex/evidence/System"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect } from "effect"
import type { JobOf } from "../Compute.ts"
import { NotPortable } from "../JobFailure.ts"

/** Subjects of a job: the claim, experiment or operation of its id. */
const subjectsOf = (system: Home, { _tag }: JobOf): ReadonlyArray<{ readonly id: string }> => {
  switch (_tag) {
    case "SearchClaim":
      return evidenceOf(system).claims
    case "SearchErratum":
      return evidenceOf(system).errata
    case "Recall":
      return [...evidenceOf(system).claims, ...evidenceOf(system).errata]
    case "RunCase":
      return evidenceOf(system).experiments
    case "Operate":
      return system.operations
  }
}

/** Subjects that are known to be exports of their module. */
const found = new WeakMap<object, string>()

/**
 * Reference by which a thread finds the subject of a job; only exports of its system's module can be recreated exactly. A
 * claim about another optimizer is a different object, even with the same id.
 */
export const portable = (system: Home, job: JobOf): Effect.Effect<string, NotPortable> =>
  Effect.gen(function* () {
    const refuse = (reason: string) => new NotPortable({ subject: job.id, reason })
    const { module } = system
    if (module === undefined) return yield* refuse("its system names no module")
    const here = subjectsOf(system, job).filter(({ id }) => id === job.id)
    const [first, ...others] = here
    const isOne = first !== undefined && others.length === 0
    if (isOne && found.get(first) === module) return module
    const exported = yield* Effect.tryPromise({
      try: () => import(module) as Promise<{ readonly system?: Home }>,
      catch: (cause) => refuse(`${module} cannot be loaded (${Reason.of(cause)})`),
    })
    if (exported.system === undefined) return yield* refuse(`${module} exports no \`system\``)
    const there = subjectsOf(exported.system, job).filter(({ id }) => id === job.id)
    // none or two of a name are for the thread to refuse
    const isSame = here.every((each, i) => each === there[i])
    if (!isSame) return yield* refuse(`${module} exports a different system of this name`)
    if (isOne) found.set(first, module)
    return module
  })
