/** Significant digits of numbers that a page shows and saves; `results.json` has all. */
export const significantDigits = 10
