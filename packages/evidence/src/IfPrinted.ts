/** Check of an erratum under the assumption that its statement was printed. */

/** Prefix of the statement of an erratum that no one read in print. */
export const ifPrinted = "If the paper says"
