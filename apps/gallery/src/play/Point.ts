/** Point of a plane. */
export type Point = readonly [x: number, y: number]
