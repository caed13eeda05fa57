/** Whether two implementations computed the same thing. */

/** Undefined when the values agree within `tolerance` times the largest magnitude, else what differs. */
export const disagreement = (
  ours: ReadonlyArray<number>,
  theirs: ReadonlyArray<number>,
  tolerance: number,
): string | undefined => {
  if (ours.length !== theirs.length) return `${ours.length} values against ${theirs.length}`
  const scale = [...ours, ...theirs].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (let i = 0; i < ours.length; i++) {
    const error = Math.abs(ours[i]! - theirs[i]!)
    if (!(error <= tolerance * scale)) {
      return `value ${i}: ${ours[i]} against ${theirs[i]}, allowed ${tolerance * scale}`
    }
  }
  return undefined
}
