/** Place in the proceedings, PMLR 195. */
export const at = (place: string) => ({ as: "printed", place: `PMLR 195, ${place}` }) as const
