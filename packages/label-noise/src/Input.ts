/** Requirements on input; each throws InvalidInput with the number that breaks it. */
import { InvalidInput } from "@nonconvex/numerics"

/** Requires an integer from `minimum` to `maximum`. */
export const requireCount = (
  operation: string,
  name: string,
  value: number,
  minimum = 1,
  maximum = Number.MAX_SAFE_INTEGER,
): void => {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return
  const upper = maximum === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${maximum}`
  throw new InvalidInput({
    operation,
    requirement: `${name} must be an integer of at least ${minimum}${upper}`,
    numbers: { [name]: value },
  })
}

/** Requires a finite number of at least 0. */
export const requireNonNegative = (operation: string, name: string, value: number): void => {
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return
  throw new InvalidInput({
    operation,
    requirement: `${name} must be a finite number of at least 0`,
    numbers: { [name]: value },
  })
}

/** Requires a number between 0 and 1, both excluded. */
export const requireShare = (operation: string, name: string, value: number): void => {
  if (value > 0 && value < 1) return
  throw new InvalidInput({
    operation,
    requirement: `${name} must be between 0 and 1`,
    numbers: { [name]: value },
  })
}

/** Requires exactly `expected` finite elements and names the first that is not. */
export const requireVector = (
  operation: string,
  name: string,
  values: Float64Array,
  expected: number,
): void => {
  if (values.length !== expected) {
    throw new InvalidInput({
      operation,
      requirement: `the length of ${name} must be ${expected}`,
      numbers: { [`${name}.length`]: values.length },
    })
  }
  const index = values.findIndex((value) => !Number.isFinite(value))
  if (index < 0) return
  throw new InvalidInput({
    operation,
    requirement: `every element of ${name} must be finite`,
    numbers: { index, [`${name}[${index}]`]: values[index]! },
  })
}
