/** Arguments and what a function gives there. */
export type Table = ReadonlyArray<readonly [argument: number, value: number]>
