/** Dates and times as texts of ISO 8601, from counts of their units: nothing of a nanosecond is lost. */
import { Refused } from "./Columns.ts"

/** Digits of a second that a unit counts: none, three, six or nine. */
export type Digits = 0 | 3 | 6 | 9

const day = 86_400n

/** The date so many days after 1970-01-01. Throws Refused past the years that JavaScript has. */
export const date = (days: number): string => {
  const time = new Date(days * 86_400_000)
  if (Number.isNaN(time.getTime())) {
    throw new Refused(`a date is ${days} days from 1970`, "correct it, or leave the column out")
  }
  return time.toISOString().split("T")[0]!
}

/** The time of a day so many units after midnight; a fraction only where there is one. */
export const time = (count: bigint, digits: Digits): string => {
  const units = 10n ** BigInt(digits)
  const [seconds, rest] = [count / units, count % units]
  const two = (value: bigint) => String(value).padStart(2, "0")
  const fraction = rest === 0n ? "" : `.${String(rest).padStart(digits, "0")}`
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`
}

/** The moment so many units after the beginning of 1970, in universal time where `isUtc`. */
export const moment = (count: bigint, digits: Digits, isUtc: boolean): string => {
  const units = day * 10n ** BigInt(digits)
  // the rest of a division has the sign of what is divided
  const within = ((count % units) + units) % units
  return `${date(Number((count - within) / units))}T${time(within, digits)}${isUtc ? "Z" : ""}`
}

/** A decimal number of `unscaled` units of 10^-`scale`, in full. */
export const decimal = (unscaled: bigint, scale: number): string => {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0")
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
