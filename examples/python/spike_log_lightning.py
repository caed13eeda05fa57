"""Lightning: the rows of spike_log.py, as a callback: Trainer(callbacks=[SpikeCallback("losses.csv", control_loss)])."""
from lightning.pytorch import Callback

from spike_log import SpikeLog


class SpikeCallback(Callback):
    def __init__(self, path, control_loss, every=20):
        """`control_loss(module)` is the loss of one batch that stays."""
        self.path, self.control_loss, self.every, self.rows, self.loss = path, control_loss, every, None, None

    def on_before_backward(self, trainer, module, loss):
        self.loss = loss.detach() * trainer.accumulate_grad_batches

    def on_before_optimizer_step(self, trainer, module, optimizer):  # gradients are unscaled, and not clipped yet
        if self.rows is None:
            size = getattr(trainer.train_dataloader, "batch_size", None)
            size = size and size * trainer.accumulate_grad_batches * trainer.world_size
            self.rows = SpikeLog(self.path, module, optimizer, lambda: self.control_loss(module), self.every, size)
        self.rows.before_step(self.loss)
