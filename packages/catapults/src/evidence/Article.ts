/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "A learning rate above 2 over the top eigenvalue of the tangent kernel should make gradient descent diverge. In wide networks it does so only for some steps. The loss shoots up along the top eigenvector, the kernel shrinks, the step becomes stable again, and the loss falls: a catapult. The paper claims that the spikes in the loss of SGD are catapults as well, since the kernel of a small batch has a larger eigenvalue. It claims that each catapult turns the network towards the features of the task, measured by the average outer product of gradients (AGOP). So smaller batches would catapult more often, learn features better and generalise better.",
  surprise: {
    title: "A smaller start does the same without a spike",
    text: "Forced catapults do lower the test loss, as the paper claims. But a network that starts with a kernel as small as the one after the catapults has an even lower test loss, without a spike and at the same training loss. It is also better aligned.",
    matters:
      "The benefit is that of a smaller kernel. One can have it by scaling the start, without the risk of divergence. And most spikes above the critical rate are small and are not catapults.",
    rests: ["study-catapult-or-smaller-start", "study-spikes-in-eigenspace"],
  },
  revisedBy: [
    "A task on which forced catapults generalise better than a start with the same final kernel.",
    "A network in which tall spikes leave the top eigenspace of the kernel.",
    "Tuned rates at which smaller batches generalise better: at ours they do not.",
  ],
}
