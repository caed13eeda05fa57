/** Recorded answers of an HDF5 file, to give again on another thread. */
import type { Hdf5 } from "../../networks/keras/KerasWeights.ts"
import { BadModel } from "../../networks/ModelError.ts"
import type { Tensor } from "../../networks/Tensor.ts"

/** Fields of a BadModel that explains a missing answer. */
type Refusal = ConstructorParameters<typeof BadModel>[0]

type Answer = { readonly value: ReturnType<Hdf5[keyof Hdf5]> } | { readonly refusal: Refusal }

/** Answers by question. They can be sent to another thread. */
export type Answers = ReadonlyMap<string, Answer>

export const refusalOf = ({ path, place, reason, remedy }: BadModel): Refusal => ({
  path,
  ...(place !== undefined && { place }),
  reason,
  remedy,
})

/** A file that records its answers. */
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

/** A file that gives recorded answers only. */
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

/** Number buffers in the answers, to be transferred to another thread. */
export const buffers = (answers: Answers): ReadonlyArray<ArrayBuffer> =>
  [...answers].flatMap(([question, answer]) =>
    question.startsWith("tensor ") && "value" in answer && answer.value !== undefined
      ? [(answer.value as Tensor).values.buffer as ArrayBuffer]
      : [],
  )
