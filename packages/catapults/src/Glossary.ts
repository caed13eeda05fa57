/** Terms of `diagnose`: spikes of a training loss. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  spike: "A loss that exceeds the lowest earlier one by the threshold factor (default 1.5).",
  catapult:
    "A spike caused by a learning rate above the critical one that recovers by itself: the loss grows along the steepest directions until the curvature has fallen, then comes back.",
  divergence:
    "The loss grows and does not come back: the learning rate is too large for the curvature.",
  "data spike":
    "A spike caused by an unusual batch, such as corrupt rows or labels, and not by the step size.",
  "numeric failure": "The loss became NaN or infinite through overflow or a division by 0.",
  instability:
    "Steps above the stability limit, in a log that ends before it shows whether the loss comes back.",
  overshoot:
    "The velocity of momentum or Adam carries the loss up the other side of a valley. Stable runs do it too, so it is not an event.",
  "stability limit":
    "Upper limit of learning rate times sharpness for stable training: 2 for plain steps, 2 (1 + momentum) with momentum, and 38 for Adam with beta 0.9.",
  "edge of stability":
    "The curvature hovers at the limit 2 / learning rate: the loss wobbles, and still falls in the long run.",
  "optimizer mismatch":
    "The optimizer's memory of past gradients lags behind the present ones, so that its steps are too long.",
  "batch noise / ordinary noise": "The normal scatter of mini-batch losses; not an event.",
  unresolved: "The log does not show the cause; the line names the one measurement that would.",
  "guess / likely / measured":
    "The basis of a verdict: losses only (guess), logged gradients (likely), or measured curvature (measured).",
  evidence: "The numbers of the log that decided a verdict.",
  "may be": "Possible causes of an unresolved spike.",
  "better evidence":
    "The measurement that would decide the cause of a spike, and how to read it. Log it next time.",
  "to do": "The recommended change after a spike, or none while its cause is unknown.",
  "critical rate / critical learning rate":
    "The learning rate above which steps in the steepest direction grow: 2 divided by the top eigenvalue.",
  "squared norm": "The squared length of the gradient of a batch, |g_t|^2.",
  product:
    "The inner product of the gradients of two successive steps on one batch; negative if the gradient changed direction.",
  "tangent kernel":
    "How much a step on one sample changes the output on another; its top eigenvalue is the curvature of the loss in the theory of wide networks.",
  "smoothing / half-life":
    "A moving average of mini-batch losses; after the half-life a loss has half its weight.",
  threshold: "The factor above the lowest earlier loss from which a rise counts as a spike.",
  agop: "The average gradient outer product of a network with respect to its input; it shows which inputs the network uses.",
  "feature learning":
    "A change in which inputs a network uses, instead of only in how it weighs them.",
}
