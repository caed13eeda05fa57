/** Programs of sweeps, checked and with their code. */
import type { RunKey } from "@nonconvex/runner/RunKey"
import { type Program, Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Runs } from "@nonconvex/store/Runs"
import { Effect, Schema } from "effect"
import * as Lookup from "../Lookup.ts"
import * as CheckProgram from "./CheckProgram.ts"
import * as ProgramCode from "./ProgramCode.ts"
import * as ProgramSystem from "./ProgramSystem.ts"

/** System and experiment of the program of a sweep. Fails with UnusableProgram. */
export const of = Effect.fnUntraced(function* (sweep: Sweep, program: Program) {
  yield* CheckProgram.check(program, sweep)
  return ProgramSystem.make(sweep, program, yield* ProgramCode.read(program))
})

/** System and experiment of a sweep; for a program in their form. Fails with NotFound or UnusableProgram. */
export const subjectOf = Effect.fnUntraced(function* (sweep: Sweep) {
  if (sweep.program !== undefined) return yield* of(sweep, sweep.program)
  return yield* Lookup.experiment(sweep.experiment)
})

const isSweep = Schema.is(Sweep)

/** The sweep of the program store that has a run as a trial of a program, with this program; undefined if there is none. */
export const sweepOf = Effect.fnUntraced(function* ({
  id,
  key,
}: {
  readonly id: string
  readonly key: RunKey
}) {
  if (!ProgramSystem.isSubject(key.subject)) return undefined
  for (const { spec, trials } of yield* (yield* Runs).sweeps) {
    if (!trials.includes(id) || !isSweep(spec) || spec.program === undefined) continue
    return { sweep: spec, program: spec.program }
  }
  return undefined
})
