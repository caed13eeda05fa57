/** The article was read in a machine conversion, which may have lost a factor. */
export const at = (place: string) => ({ as: "converted", place }) as const
