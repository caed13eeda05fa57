export const settingsOf = (rank: number, counts: ReadonlyArray<number>) =>
  counts.map((measurements) => ({ rank, measurements }))
