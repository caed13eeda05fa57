/** Claims whose margin has a parameter: with one value of it the statement is true, and with others it must fail. */
import { claim, type Claim, type Described, type Given, type Trial } from "@nonconvex/evidence"

interface Parametrised<Instance extends object, Value> extends Described {
  readonly instances: Trial<Instance>["instances"]
  readonly margin: (instance: Instance, given: Given, value: Value) => number
  /** The value with which the statement is true. */
  readonly holds: Value
  /** The controls: a name, and the value with which it must fail. */
  readonly fails: readonly [readonly [string, Value], ...Array<readonly [string, Value]>]
  /** The instances of the controls, where those of the claim need not show them. */
  readonly failsOn?: Trial<Instance>["instances"]
}

/** The claim that the margin with `holds` is at least 0, and a control for each value of `fails`. */
export const parametrised = <Instance extends object, const Value>({
  fails,
  failsOn,
  holds,
  instances,
  margin,
  ...described
}: Parametrised<Instance, Value>): Claim => {
  const control = ([name, value]: readonly [string, Value]) => ({
    name,
    instances: failsOn ?? instances,
    margin: (instance: Instance, given: Given) => margin(instance, given, value),
  })
  const [first, ...rest] = fails
  return claim<Instance>({
    ...described,
    instances,
    margin: (instance, given) => margin(instance, given, holds),
    controls: [control(first), ...rest.map(control)],
  })
}
