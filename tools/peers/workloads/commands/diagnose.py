"""Detectors of loss spikes that people use, on the same logs as diagnose.ts: a rolling z-score, and the rule of LLM Foundry."""

from peers import find, numbers

modules, missing = find(["numpy"])
np = modules["numpy"]

INPUTS, HIDDEN, SAMPLES, BATCH = 8, 12, 128, 16
CAUSES = ["quiet", "data", "instability", "numbers"]


def trained(k, steps):
    cause = CAUSES[k % len(CAUSES)]
    features = 3 * numbers(SAMPLES * INPUTS, 10 * k + 1).reshape(SAMPLES, INPUTS)
    targets = np.sin(features[:, 0] + features[:, 1])
    w = numbers(HIDDEN * INPUTS, 10 * k + 2).reshape(HIDDEN, INPUTS)
    v = numbers(HIDDEN, 10 * k + 3)
    order = np.floor((numbers(steps * BATCH, 10 * k + 4) + 0.5) * SAMPLES).astype(int)
    at = steps // 2 + k % 17
    losses = np.zeros(steps)
    for t in range(steps):
        rate = 3 if cause == "instability" and t >= at else 0.05
        sign = -4 if cause == "data" and t == at else 1
        rows = order[t * BATCH : (t + 1) * BATCH]
        x = features[rows]
        a = np.tanh(x @ w.T)
        error = a @ v - sign * targets[rows]
        losses[t] = np.nan if cause == "numbers" and t >= at else np.mean(error**2)
        along = 2 * error / BATCH
        back = np.outer(along, v) * (1 - a * a)
        v = v - rate * (a.T @ along)
        w = w - rate * (back.T @ x)
    return cause, losses


def by_z_score(losses, window=50, most=3.0):
    """Flags a loss more than 3 deviations above the mean of the 50 before it, or one that is not finite."""
    for t in range(window, len(losses)):
        before = losses[t - window : t]
        if not np.isfinite(losses[t]) or losses[t] > before.mean() + most * before.std():
            return True
    return False


def by_foundry(losses, window=100, outlier=2.0, patience=4):
    """KillLossSpike of LLM Foundry: after a full window, as many losses in a row above twice its mean."""
    streak = 0
    for t in range(window, len(losses)):
        streak = streak + 1 if losses[t] > outlier * losses[t - window : t].mean() else 0
        if streak >= patience:
            return True
    return False


def detector(flags):
    def prepare(parameters):
        logs = [trained(k, parameters["steps"]) for k in range(parameters["logs"])]
        found = []

        def run():
            said = [(cause, flags(losses)) for cause, losses in logs]
            faulty = [flag for cause, flag in said if cause != "quiet"]
            quiet = [flag for cause, flag in said if cause == "quiet"]
            found[:] = [100 * np.mean(faulty), 100 * np.mean(quiet), 0.0, 0.0]

        return run, lambda: np.array(found)

    return prepare


implementations = {
    "z-score over 50 losses": detector(by_z_score),
    "KillLossSpike of LLM Foundry": detector(by_foundry),
}
