import { Draw } from "@nonconvex/evidence"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { type CatapultDescent, catapultDescent } from "../../descent/CatapultDescent.ts"
import { capped, milestones, raising, type RateControl } from "../../descent/RateControl.ts"

const dataOf = (value: object): string => JSON.stringify(Snapshot.write(value))

/** All that is known of a run and of its descent, as text. */
export const knownOf = (run: CatapultDescent): string =>
  dataOf({ ...run.state, open: run.spikes(), failure: run.failure()?.message })

/** Single steps, as many as `advance` is asked for. */
export const stepped = (run: CatapultDescent, count: number): number => {
  for (let k = 0; k < count; k++) run.step()
  return run.state.loss
}

/** What is known before a step. */
interface Before {
  readonly raised: number
  readonly raisedAt: number
}

/** A control, and whether it decides on the rate of a step that is not the first. */
interface Controlled {
  readonly control: RateControl
  readonly decides: (step: number, before: Before) => boolean
}

const kinds = Draw.oneOf("constant", "milestones", "raises", "none is held")

export const controlOf = (
  kind: Draw.Drawn<typeof kinds>,
  gap: number,
  raises: number,
): Controlled => {
  // milestones between two steps as well
  const starts =
    kind === "milestones" ? Array.from({ length: raises }, (_, k) => gap * (k + 0.5)) : []
  const listed = milestones([[0, 0.5], ...starts.map((start, k) => [start, 0.4 + k] as const)])
  switch (kind) {
    case "constant":
    case "milestones":
      return {
        control: listed,
        decides: (step) => starts.some((start) => start <= step && start > step - 1),
      }
    case "raises":
      return {
        control: raising({ raises, first: gap, gap, multiple: 1.4 }),
        decides: (step, { raised, raisedAt }) => raised < raises && step >= raisedAt + gap,
      }
    case "none is held": {
      const control = raising({ raises, first: gap, gap })
      const silent: RateControl = {
        name: control.name,
        planned: control.planned,
        init: () => control.init(),
        next: (state, step, situation) => control.next(state, step, situation),
      }
      return { control: silent, decides: () => true }
    }
  }
}

export const cappedBy = ({ control, decides }: Controlled, every: number): Controlled =>
  every === 0
    ? { control, decides }
    : {
        control: capped(control, 0.9, every),
        decides: (step, before) => step % every === 0 || decides(step, before),
      }

export const controls = {
  kind: kinds,
  gap: Draw.integer(1, 90),
  raises: Draw.integer(1, 3),
  /** Of the steps at which a rate is capped; 0 leaves that out. */
  every: Draw.oneOf(0, 1, 4, 7),
  /** Steps that are asked for, call by call. */
  counts: Draw.list(Draw.integer(1, 400), 1, 6),
  tolerance: Draw.oneOf(1e-3, 0.1, 0.5),
}

export type Subject = typeof catapultDescent

/** A rate held for a step more than its control says. */
export const hasty: Subject = (descent, options) => {
  const { control } = options
  const heldUntil = (state: ReturnType<RateControl["init"]>, step: number) =>
    (control.heldUntil?.(state, step) ?? step) + 1
  return catapultDescent(descent, { ...options, control: { ...control, heldUntil } })
}
