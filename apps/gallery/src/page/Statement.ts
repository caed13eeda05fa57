import type { Entry } from "../Parts.ts"

/** Tests whether an entry is a claim or an erratum. */
export const isStatement = ({ kind }: Entry): boolean => kind === "claim" || kind === "erratum"
