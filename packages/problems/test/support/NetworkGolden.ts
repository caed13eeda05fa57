/**
 * What torch 2.15 computes in float64 for the networks of `Network.test.ts`: the loss, then <w, g>, |g|, <w, H v> and |H v| for
 * the gradient g and two fixed vectors v and w.
 */
export const golden = [
  {
    activation: "relu",
    loss: "squared",
    bias: true,
    expected: [
      0.7923813993321998, -0.04136467265869542, 0.9867594175494862, -0.06341420874210726,
      1.5605693428546137,
    ],
  },
  {
    activation: "relu",
    loss: "squared",
    bias: false,
    expected: [
      0.41951956282625524, -0.03432181384985337, 0.16692257789522782, 0.15488342142593226,
      0.43257822060652873,
    ],
  },
  {
    activation: "relu",
    loss: "cross entropy",
    bias: true,
    expected: [
      1.009297152303469, -0.4383099404679234, 0.6561845057184447, 0.05677914947775438,
      0.9796016466663707,
    ],
  },
  {
    activation: "relu",
    loss: "cross entropy",
    bias: false,
    expected: [
      0.6998862739341821, -0.08787246702669306, 0.16432090268400468, 0.023762246121329107,
      0.35411394663198253,
    ],
  },
  {
    activation: "tanh",
    loss: "squared",
    bias: true,
    expected: [
      1.0958519319491615, 0.8978379510486, 1.781087947978229, -3.8451395222974147,
      5.443073185066388,
    ],
  },
  {
    activation: "tanh",
    loss: "squared",
    bias: false,
    expected: [
      0.7568528505366793, -0.4485108230975914, 0.9402278730573174, 1.7260481270875332,
      1.3969433553667236,
    ],
  },
  {
    activation: "tanh",
    loss: "cross entropy",
    bias: true,
    expected: [
      1.0031097852848103, 0.2581756968093545, 0.7968708508012705, 0.44879729129450857,
      0.9989399663704903,
    ],
  },
  {
    activation: "tanh",
    loss: "cross entropy",
    bias: false,
    expected: [
      0.7540187491844315, -0.21620271002667585, 0.2825369631421533, 0.4396876027051975,
      0.766782160786744,
    ],
  },
  {
    activation: "identity",
    loss: "squared",
    bias: true,
    expected: [
      1.7917547423124915, 3.409106277141131, 5.024901385695923, -6.70406098640737,
      16.38661527774202,
    ],
  },
  {
    activation: "identity",
    loss: "squared",
    bias: false,
    expected: [
      1.7992769056184301, -1.8593439574018564, 5.367795585004448, 5.651686713828505,
      7.82962512276667,
    ],
  },
  {
    activation: "identity",
    loss: "cross entropy",
    bias: true,
    expected: [
      0.91915043336545, 1.1523397211944826, 1.3913000315315975, 2.3769440533303667,
      4.035029132857037,
    ],
  },
  {
    activation: "identity",
    loss: "cross entropy",
    bias: false,
    expected: [
      0.8363516748677309, -1.3528577058762195, 1.3836501342361471, 1.3169950317338712,
      2.50392312905145,
    ],
  },
] as const
