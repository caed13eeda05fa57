/** This machine cannot do it: what is missing, and what the reader can do about it. Not a defect, and not wrong usage. */
export class Impossible extends Error {
  readonly remedy: string

  constructor(missing: string, remedy: string) {
    super(missing)
    this.name = "Impossible"
    this.remedy = remedy
  }
}
