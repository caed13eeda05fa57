/** Answers of an HDF5 file where it was read, for the same questions elsewhere. */
import type { Hdf5 } from "../../networks/keras/KerasWeights.ts"
import { BadModel } from "../../networks/ModelError.ts"
import type { Tensor } from "../../networks/Tensor.ts"

/** Reason for a missing answer: the fields of a BadModel. */
type Refusal = ConstructorParameters<typeof BadModel>[0]

type Answer = { readonly value: ReturnType<Hdf5[keyof Hdf5]> } | { readonly refusal: Refusal }

/** By question. They can be sent to another thread. */
export type Answers = ReadonlyMap<string, Answer>

export const refusalOf = ({ path, place, reason, remedy }: BadModel): Refusal => ({
  path,
  ...(place !== undefined && { place }),
  reason,
  remedy,
})

/** A file that caches its answers. */
export const keeping = (file: Hdf5): Hdf5 & { readonly answers: Answers } => {
  const answers = new Map<string, Answer>()
  const kept =
    <Kind extends keyof Hdf5>(kind: Kind) =>
    (name: string): ReturnType<Hdf5[Kind]> => {
      try {
        const value = file[kind](name) as ReturnType<Hdf5[Kind]>
        answers.set(`${kind} ${name}`, { value })
        return value
      } catch (error) {
        if (error instanceof BadModel) {
          answers.set(`${kind} ${name}`, { refusal: refusalOf(error) })
        }
        throw error
      }
    }
  return { answers, tensor: kept("tensor"), below: kept("below"), attribute: kept("attribute") }
}

/** The file that answered so, and is asked nothing else. */
export const file = (answers: Answers): Hdf5 => {
  const answered =
    <Kind extends keyof Hdf5>(kind: Kind) =>
    (name: string): ReturnType<Hdf5[Kind]> => {
      const answer = answers.get(`${kind} ${name}`)!
      if ("refusal" in answer) throw new BadModel(answer.refusal)
      return answer.value as ReturnType<Hdf5[Kind]>
    }
  return {
    tensor: answered("tensor"),
    below: answered("below"),
    attribute: answered("attribute"),
  }
}

/** The numbers among the answers, which move to another thread. */
export const buffers = (answers: Answers): ReadonlyArray<ArrayBuffer> =>
  [...answers].flatMap(([question, answer]) =>
    question.startsWith("tensor ") && "value" in answer && answer.value !== undefined
      ? [(answer.value as Tensor).values.buffer as ArrayBuffer]
      : [],
  )
