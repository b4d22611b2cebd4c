"""Sizes and random batches of what is timed: like `metalmo bench`, the report's text sizes and its Two Moons sizes."""
import random

import torch
from model import PAD_ID, ModelSize
from optimization import Settings

MASK_ID, SEP_ID, PLAIN_TOKEN, MLM_TOKEN, TASK_TOKEN = 1, 2, 3, 4, 5
FIRST_ORDINARY = 33
MASKED_SHARE, KEPT, REPLACED = 0.15, 0.1, 0.1
LABELS = (SEP_ID, TASK_TOKEN)

SIZES = {
    "text": dict(layers=6, width=256, feed_forward=1024, heads=4, positions=128, vocabulary=30_000),
    "two-moons": dict(layers=2, width=8, feed_forward=32, heads=2, positions=34, vocabulary=407),
}
LABELED_LENGTH = {"text": 128, "two-moons": 4}
MEASURED = {"text": 5, "two-moons": 1000}
WARM_UP = {"text": 2, "two-moons": 50}


def size_of(workload, strong, layers=None, vocabulary=None):
    size = ModelSize(**SIZES[workload], fast_attention=strong)
    size.layers, size.vocabulary = layers or size.layers, vocabulary or size.vocabulary
    return size


def settings_of(workload, objective, strong):
    """The report's settings; the strong style gathers MLM's targets (fine-tuning has one at every position)."""
    finetune, is_text = objective == "finetune", workload == "text"
    return Settings(
        learning_rate=0.04 if finetune and not is_text else 0.08,
        warmup_steps=10_000 if is_text else 10 if finetune else 1000,
        accumulation=1 if is_text or finetune else 4,
        meta_weight=(10.0 if is_text else 100.0) if objective == "soft" else 1.0,
        fused=strong,
        targets_only=strong and objective == "mlm",
    )


def batch_rows(workload, objective):
    return 16 if workload == "text" or objective == "finetune" else 4


class RandomBatches:
    """Micro-batches of random ids without padding, [rows, length] each; soft labels have MLM as every second task."""

    def __init__(self, workload, objective, size, rows):
        self.objective, self.size, self.rows = objective, size, rows
        self.labeled_length = LABELED_LENGTH[workload]
        self.random = random.Random(1)

    def micro_batch(self, index):
        if self.objective == "finetune":
            return named_pair("", self._labeled())
        texts = self._texts(self.size.positions)
        masked = [self._mask(text) for text in texts]
        if self.objective == "mlm":
            return named_pair("", masked)
        with_mlm = self.objective == "soft" and index % 2 == 1
        batch = {"x_u": torch.tensor(texts)} | named_pair("_m", masked)
        for role in ("_s", "_q"):
            batch |= named_pair(role, self._masked() if with_mlm else self._labeled())
        return batch

    def _texts(self, length):
        return [[PLAIN_TOKEN, *(self._ordinary() for _ in range(length - 2)), SEP_ID] for _ in range(self.rows)]

    def _ordinary(self):
        return self.random.randrange(FIRST_ORDINARY, self.size.vocabulary)

    def _labeled(self):
        """The label's token is the target of every position."""
        texts = self._texts(self.labeled_length)
        return [([TASK_TOKEN, *text[1:]], [self.random.choice(LABELS)] * len(text)) for text in texts]

    def _masked(self):
        return [self._mask(text) for text in self._texts(self.size.positions)]

    def _mask(self, text):
        x, y = list(text), [PAD_ID] * len(text)
        x[0] = MLM_TOKEN
        count = max(1, int(MASKED_SHARE * len(text) + self.random.random()))
        for position in self.random.sample(range(len(text)), count):
            y[position] = x[position]
            change = self.random.random()
            if change >= KEPT:
                x[position] = self._ordinary() if change < KEPT + REPLACED else MASK_ID
        x[0] = MLM_TOKEN
        return x, y


def named_pair(role, rows):
    return {f"x{role}": torch.tensor([x for x, _ in rows]), f"y{role}": torch.tensor([y for _, y in rows])}
