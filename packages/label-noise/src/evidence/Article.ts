/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "Train a network to zero loss, and then go on with a little noise added to the labels. The loss stays near zero, but the parameters drift along the minima, towards smaller sharpness. For small steps the drift follows a flow on the set of minima. The paper studies two-layer networks whose activation has a positive third derivative, such as z^3 + z. It shows that the flow ends where all neurons have the same output on each sample: the network has one feature. The proof has two phases. First the sharpness falls until the problem becomes convex along geodesics. Then the neurons approach each other exponentially. The paper calls this simplicity bias, and hopes that it explains why SGD generalises.",
  surprise: {
    title: "The flattest network generalises worse",
    text: "SGD reaches one feature, and in the number of steps that the flow predicts, within a tenth. But on 400 images that network has 2.5 times the test error of the one it started from. Only with sixteen planted neurons and 100 images did it generalise better.",
    matters:
      "Flat and simple is not the same as right. The bias is towards one feature, and labels that need several features pay for it. The theorem remains: its link to generalisation depends on the data.",
    rests: ["study-flat-limits", "study-steps-to-one-feature"],
  },
  revisedBy: [
    "A natural data set on which the flat limit generalises better than the fitted network.",
    "A start within the hypotheses from which the flow ends with two features.",
    "Activations outside the hypotheses, such as ReLU: nothing here covers them.",
  ],
}
