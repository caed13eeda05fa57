/** Terms of `flatten` and of label noise. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "label noise":
    "Random noise added to the targets at every step of training. In the long run the weights drift along the interpolating networks to the flattest one.",
  "before / after":
    "The network as it was given, and the flattest one with the same outputs on the data.",
  "excess / above the minimum":
    "The trace of the Hessian minus the smallest trace of any network with these outputs on the data.",
  "sharpness of a network":
    "The sum of squared derivatives of the outputs on the rows with respect to the weights.",
  "test error":
    "The error on the test set, which the network was not fitted to. It shows whether the flat network generalises better.",
  "flat limit":
    "The end point of training with label noise: the interpolating network with the smallest trace of the Hessian. There all neurons agree on the data.",
  function:
    "The outputs of the network; flattening changes them by at most this on the data, and possibly more elsewhere.",
  neuron: "One hidden unit: a weighted sum of the inputs, put through the activation.",
  activation:
    "The nonlinear function between layers. The theory here needs one whose first and third derivatives are positive, such as a cubic.",
  interpolating: "Fitting every target exactly. The theory assumes it, so fit first.",
  "learning rate, noise and batch":
    "The setting in which the given number of label-noise steps reduces the distance to the flat limit tenfold.",
  "far / near":
    "Whether the network is near enough to the flat limit for the bounds of the theory.",
}
