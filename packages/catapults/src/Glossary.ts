/** Words of `diagnose`: what a spike of a training loss is. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  spike: "A loss that exceeds the lowest one before it by the threshold, 1.5 times unless you say.",
  catapult:
    "A spike that a learning rate past the critical one causes and that mends itself: the loss grows along the steepest directions until the curvature has fallen, and comes back.",
  divergence:
    "The loss grows and does not come back: the learning rate is too large for the curvature.",
  "data spike":
    "A spike from a batch that is unlike the others, such as corrupt rows or labels; the step size is not to blame.",
  "numeric failure":
    "The loss became NaN or infinite: numbers ran out of range, or were divided by 0.",
  instability:
    "Steps above the stability limit, in a log that ends before it shows whether the loss comes back.",
  overshoot:
    "A velocity, of momentum or Adam, carries the loss up the other side of a valley: stable runs do it, and it is no event.",
  "stability limit":
    "What the learning rate times the sharpness must stay below: 2 for plain steps, 2 (1 + momentum), and 38 for Adam with a beta of 0.9.",
  "edge of stability":
    "The curvature hovers at the limit 2 / learning rate: the loss wobbles, and still falls in the long run.",
  "optimizer mismatch":
    "The optimizer's memory of past gradients lags behind the present ones, so that its steps are too long.",
  "batch noise / ordinary noise":
    "The scatter of losses of single batches in a healthy run: no event.",
  unresolved: "The log does not say what it was; the line names the one number that would.",
  "guess / likely / measured":
    "What a verdict rests on: losses alone, gradients that were logged, or a measured curvature.",
  evidence: "The numbers of the log that decided a verdict.",
  "may be": "What an unresolved spike may have been; the log does not tell which.",
  "would decide it better":
    "The one number that would settle what a spike was, and how to read it; log it next time.",
  "to do": "What to change after a spike, or that nothing is to be changed before it is known.",
  "critical rate / critical learning rate":
    "The learning rate past which steps in the steepest direction grow: 2 divided by the top eigenvalue.",
  "squared norm": "The squared length of the gradient of a batch, |g_t|^2.",
  product:
    "The inner product of the gradients of two successive steps on one batch: below 0 where the gradient turned around.",
  "tangent kernel":
    "How much a step on one sample changes the output on another; its top eigenvalue is the curvature of the loss in the theory of wide networks.",
  "smoothing / half-life":
    "Averages the losses of single batches; after the half-life a loss counts half.",
  threshold: "The factor above the lowest loss before it that makes a spike.",
  agop: "The average outer product of the gradients of a network with respect to its input: which inputs it has learned to look at.",
  "feature learning":
    "That a network changes which inputs it looks at, rather than only how it weighs them.",
}
