/** The article was read in a conversion of its text, which may have lost a factor. */
export const at = (place: string) => ({ as: "converted", place }) as const
