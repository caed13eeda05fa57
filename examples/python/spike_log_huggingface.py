"""Hugging Face: the rows of spike_log.py, as a callback: Trainer(callbacks=[SpikeCallback("losses.csv", control_loss)])."""
from transformers import TrainerCallback

from spike_log import SpikeLog


class SpikeCallback(TrainerCallback):
    def __init__(self, path, control_loss, every=20):
        """`control_loss(model)` is the loss of one batch that stays."""
        self.path, self.control_loss, self.every, self.rows, self.row = path, control_loss, every, None, None

    def on_train_begin(self, args, state, control, **_):
        args.logging_steps = state.logging_steps = 1  # each loss, and no mean of several
        args.logging_nan_inf_filter = False  # NaN as NaN, and no 0 for it

    def on_pre_optimizer_step(self, args, state, control, model=None, optimizer=None, **_):
        if self.rows is None:
            inner = getattr(optimizer, "optimizer", optimizer)
            size = args.train_batch_size * args.gradient_accumulation_steps * args.world_size
            self.rows = SpikeLog(self.path, model, inner, lambda: self.control_loss(model), self.every, size)
        # of the parameters and the rate that the step is taken with, before the log has its loss
        self.row = self.rows.optimizer.param_groups[0]["lr"], *self.rows.measured()

    def on_log(self, args, state, control, logs=None, **_):
        if "loss" in logs and self.row is not None:
            rate, *measured = self.row
            self.rows.write(self.rows.step, logs["loss"], rate, float(logs["grad_norm"]), *measured)
            self.rows.step, self.row = self.rows.step + 1, None
