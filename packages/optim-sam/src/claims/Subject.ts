/** What the laws of this package are about: any implementation of SAM and USAM over plain gradient descent. */
import { type Method, sgd } from "@nonconvex/problems"
import { sam, usam } from "../Sam.ts"

export interface Subject {
  readonly sam: (radius: number, learningRate: number) => Method
  readonly usam: (radius: number, learningRate: number) => Method
}

/** The implementation of this package. */
export const optimSam: Subject = {
  sam: (radius, learningRate) => sam({ radius, base: sgd({ learningRate }) }),
  usam: (radius, learningRate) => usam({ radius, base: sgd({ learningRate }) }),
}

/** The control of most laws: SAM with its normalisation removed. */
export const withoutNormalisation = (subject: Subject): Subject => ({
  ...subject,
  sam: subject.usam,
})
