/** Numbers in sentences. */

/** Three digits, without zeros that say nothing. */
export const show = (value: number): string => String(Number(value.toPrecision(3)))
