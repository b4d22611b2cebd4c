"""AdamW with clipping and schedule (section 4 of the algorithm), and AdamW as a differentiable function (4.3)."""
from dataclasses import dataclass

import torch


@dataclass
class Settings:
    """Everything of a training step that is not the model. `fused` and `targets_only` are of the "strong" style."""

    learning_rate: float = 0.08
    betas: tuple = (0.9, 0.98)
    eps: float = 1e-6
    weight_decay: float = 0.01
    warmup_steps: int = 1000
    decay_power: float = -0.5
    max_norm: float = 5.0
    accumulation: int = 1
    inner_rate: float = 0.1
    meta_weight: float = 1.0
    fixed_y: bool = False
    fused: bool = False
    targets_only: bool = False

    def rate_factor(self, steps_done):
        """Linear warm-up, then a power decay that goes on for ever."""
        n, warmup, power = steps_done + 1, self.warmup_steps, self.decay_power
        return n**power if n >= warmup else n / warmup * warmup**power


class Optimization:
    """One model's AdamW, clipping and schedule."""

    def __init__(self, model, settings):
        self.parameters = list(model.parameters())
        self.max_norm = settings.max_norm
        self.adamw = torch.optim.AdamW(
            self.parameters,
            lr=settings.learning_rate,
            betas=settings.betas,
            eps=settings.eps,
            weight_decay=settings.weight_decay,
            fused=settings.fused or None,
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.adamw, settings.rate_factor)

    def clip(self):
        """Clips the accumulated gradient and returns its norm before."""
        return torch.nn.utils.clip_grad_norm_(self.parameters, self.max_norm).item()

    def step(self):
        norm = self.clip()
        self.adamw.step()
        self.schedule.step()
        self.adamw.zero_grad()
        return norm

    def accumulate(self, gradients, factor=1.0):
        for parameter, gradient in zip(self.parameters, gradients):
            if gradient is None:
                continue
            part = gradient.detach() * factor
            parameter.grad = part if parameter.grad is None else parameter.grad.add_(part)


def differentiable_adamw(weights, gradients, optimizer):
    """The weights after one step of `optimizer`, as a function of the gradients; the optimizer stays as it is."""
    group = optimizer.param_groups[0]
    rate, (beta1, beta2) = group["lr"], group["betas"]
    stepped = {}
    for (name, weight), gradient in zip(weights.items(), gradients):
        state = optimizer.state.get(weight) or {"step": 0, "exp_avg": 0.0, "exp_avg_sq": 0.0}
        step = int(state["step"]) + 1
        mean = state["exp_avg"] * beta1 + (1 - beta1) * gradient
        square = state["exp_avg_sq"] * beta2 + (1 - beta2) * gradient * gradient
        # the root of exactly 0 has no derivative: a constant there
        is_zero = square == 0
        root = square.masked_fill(is_zero, 1.0).sqrt().masked_fill(is_zero, 0.0)
        denominator = root / (1 - beta2**step) ** 0.5 + group["eps"]
        decayed = weight * (1 - rate * group["weight_decay"])
        stepped[name] = decayed - rate / (1 - beta1**step) * mean / denominator
    return stepped
