/** Dates and times as texts of ISO 8601, from counts of their units, to the nanosecond. */
import { Refused } from "./Columns.ts"

/** Digits of a second that a unit counts: none, three, six or nine. */
export type Digits = 0 | 3 | 6 | 9

const secondsOfDay = 86_400n

/** Days of four hundred years, after which the calendar repeats, and from the first of March of the year 0 to 1970. */
const [era, epoch] = [146_097, 719_468]

/** A quarter of a million years: beyond them a date is a slip. */
const furthest = 100_000_000

/**
 * The date `days` days after 1970-01-01 in the Gregorian calendar. Throws Refused a quarter of a million years from there.
 *
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years that begin in March end with their leap day.
 */
export const date = (days: number): string => {
  if (!(Math.abs(days) <= furthest)) {
    throw new Refused(
      `a date is ${days} days from 1970, which is out of range`,
      "correct it, or omit the column",
    )
  }
  const eras = Math.floor((days + epoch) / era)
  const dayOfEra = days + epoch - eras * era
  const leaps =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = yearOfEra + 400 * eras + (month <= 2 ? 1 : 0)
  const isShort = 0 <= year && year <= 9999
  const sign = isShort ? "" : year < 0 ? "-" : "+"
  const two = (value: number) => String(value).padStart(2, "0")
  return `${sign}${String(Math.abs(year)).padStart(isShort ? 4 : 6, "0")}-${two(month)}-${two(day)}`
}

/** Time of day, given in units after midnight; with a fraction only if it is not zero. */
export const time = (count: bigint, digits: Digits): string => {
  const units = 10n ** BigInt(digits)
  const [seconds, rest] = [count / units, count % units]
  const two = (value: bigint) => String(value).padStart(2, "0")
  const fraction = rest === 0n ? "" : `.${String(rest).padStart(digits, "0")}`
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`
}

/** Date and time, given in units after the start of 1970; in universal time if `isUtc`. */
export const moment = (count: bigint, digits: Digits, isUtc: boolean): string => {
  const units = secondsOfDay * 10n ** BigInt(digits)
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
