/** Requirements on the input of constructors; each throws InvalidInput with the numbers that break it. */
import { InvalidInput } from "@nonconvex/numerics"

export const invalid = (
  operation: string,
  requirement: string,
  numbers: Readonly<Record<string, number>>,
): never => {
  throw new InvalidInput({ operation, requirement, numbers })
}

/** Requires a finite number above 0. */
export const requirePositive = (operation: string, name: string, value: number): void => {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    invalid(operation, `${name} must be positive and finite`, { [name]: value })
  }
}

/** Requires an integer of at least `minimum`. */
export const requireCount = (operation: string, name: string, value: number, minimum = 1): void => {
  if (!Number.isSafeInteger(value) || value < minimum) {
    invalid(operation, `${name} must be an integer of at least ${minimum}`, { [name]: value })
  }
}

/** Requires `point` to have one element a parameter, each finite. */
export const requirePoint = (operation: string, point: Float64Array, dimension: number): void => {
  if (point.length !== dimension) {
    invalid(operation, `the point must have length ${dimension}`, { length: point.length })
  }
  const index = point.findIndex((value) => !Number.isFinite(value))
  if (index >= 0) invalid(operation, "the point must be finite", { index, value: point[index]! })
}
