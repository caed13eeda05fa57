/** Curve of numbers against steps, which keeps some points of a long run. */
import type { Point } from "./Point.ts"

/** Maximum number of points of a curve. */
const most = 900

/** Points of a curve, evenly selected and always including the last. */
export class Curve {
  #kept: Array<Point> = []
  #every = 1
  #last: Point | undefined

  push(step: number, value: number): void {
    this.#last = [step, value]
    if (step % this.#every === 0) this.#kept.push(this.#last)
    if (this.#kept.length <= most) return
    this.#every *= 3
    this.#kept = this.#kept.filter(([at]) => at % this.#every === 0)
  }

  get points(): ReadonlyArray<Point> {
    const last = this.#last
    return last === undefined || this.#kept.at(-1) === last ? this.#kept : [...this.#kept, last]
  }
}
