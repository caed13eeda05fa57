/** Words of `flatten`, and of descent with noise on the labels. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "label noise":
    "Random noise added to the targets at every step of training. Its long-term effect is a slow drift along the networks that fit, to the flattest one.",
  "before / after":
    "The network as it was given, and the flattest one with the same outputs on the data.",
  "excess / above the least":
    "By how much the trace of the Hessian is above the least that a network with these outputs on the data can have.",
  "sharpness of a network":
    "How much the outputs on the rows move with the weights, as the sum of squares of their slopes.",
  "other rows":
    "Rows that the network was not fitted to: there the flat network says something else, and the error says whether it is better.",
  "flat limit":
    "Where training with label noise ends: the network that fits the data with the least trace of the Hessian. Here all neurons agree on the data.",
  function:
    "What the network computes; flattening changes it by no more than this on the data, and it may change elsewhere.",
  neuron: "One hidden unit: a weighted sum of the inputs, put through the activation.",
  activation:
    "What is applied between layers. The theory here needs one whose first and third derivatives are positive, such as a cubic.",
  interpolating: "Meeting every target exactly: the theory is about such networks, so fit first.",
  "learning rate, noise and batch":
    "The setting in which so many steps of label noise come ten times closer to the flat limit.",
  "far / near":
    "Whether the network is near enough to the flat limit for the bounds of the theory.",
}
