import { claim, Kind } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import {
  agree,
  type GroupedStep,
  groupedStep,
  groupsOf,
  range,
  step,
} from "../support/GroupedStep.ts"
import { derived } from "../support/Paper.ts"

const shuffled = (items: ReadonlyArray<number>, stream: RandomStream.RandomStream) => {
  const copy = [...items]
  stream.shuffle(copy)
  return copy
}

const streamOf = ({ seed }: GroupedStep) => RandomStream.make(Seed.root(seed).child("order"))

/** Permutes the full groups, and the samples in each; a short last group stays last. */
const withinGroups = (instance: GroupedStep): ReadonlyArray<number> => {
  const stream = streamOf(instance)
  const groups = groupsOf(instance).map((group) => shuffled(group, stream))
  const full = groups.filter((group) => group.length === instance.size)
  const short = groups.filter((group) => group.length < instance.size)
  return [...shuffled(range(0, full.length), stream).flatMap((g) => full[g]!), ...short.flat()]
}

export const mSamPermutationInvariance = claim({
  id: "optim-sam/m-sam-permutation-invariance",
  statement:
    "Neither the order of the samples in a group nor the order of the groups changes a step of m-SAM.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of m-SAM")),
  instances: groupedStep,
  value: withinGroups,
  margin: ({ instance, kernels, value: permute }) =>
    agree(
      step(instance, permute(instance), kernels),
      step(instance, range(0, instance.samples), kernels),
    ),
  controls: [
    {
      name: "a permutation across groups",
      value: (instance) => shuffled(range(0, instance.samples), streamOf(instance)),
    },
  ],
})
