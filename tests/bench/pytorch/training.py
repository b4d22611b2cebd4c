"""Losses and the training steps of the four objectives: sections 3 and 4 of the algorithm."""
import torch
from model import PAD_ID
from optimization import Optimization, differentiable_adamw
from torch.func import functional_call
from torch.nn import functional as F

NO_TARGET = -1


def hard_loss(scores, targets, ignored):
    """Cross-entropy over the positions that are not ignored."""
    targets = targets.masked_fill(ignored, NO_TARGET)
    return F.cross_entropy(scores.reshape(-1, scores.shape[-1]), targets.reshape(-1), ignore_index=NO_TARGET)


def soft_loss(scores, targets, ignored):
    """Cross-entropy with distributions as targets."""
    targets = targets.masked_fill(ignored[..., None], 0.0)
    return -(targets * F.log_softmax(scores, dim=-1)).sum() / targets.sum()


def teacher_loss(scores, x, y, ignored_x, ignored_y):
    return 0.5 * hard_loss(scores[0], x, ignored_x) + 0.5 * hard_loss(scores[1], y, ignored_y)


def labeled_loss(run_student, x, y):
    """Support and query: what the input has as padding is ignored."""
    padding = x == PAD_ID
    return hard_loss(run_student(x, padding), y, padding)


class PairObjective:
    """MLM and fine-tuning: a student learns y from x."""

    def __init__(self, student, settings):
        self.student, self.settings = student, settings
        self.optimization = Optimization(student, settings)
        self.done = 0

    def micro_step(self, batch):
        x, y = batch["x"], batch["y"]
        ignored = y == PAD_ID
        if self.settings.targets_only:
            loss = F.cross_entropy(self.student(x, x == PAD_ID, ~ignored), y[~ignored])
        else:
            loss = hard_loss(self.student(x, x == PAD_ID), y, ignored)
        (loss / self.settings.accumulation).backward()
        report = {"loss": loss.item()}
        self.done += 1
        if self.done % self.settings.accumulation == 0:
            report["norm"] = self.optimization.step()
        return report


class MetaObjective:
    """What hard and soft labels share: two models, and the teacher's own MLM losses."""

    def __init__(self, student, teacher, settings):
        self.student, self.teacher, self.settings = student, teacher, settings
        self.student_side = Optimization(student, settings)
        self.teacher_side = Optimization(teacher, settings)
        self.done = 0

    def teach_masked_text(self, batch):
        """Step 6: from x_u write (x_m, x_u), from x_m write (x_m, y_m)."""
        x_u, x_m, y_m = batch["x_u"].clone(), batch["x_m"], batch["y_m"]
        padding = x_u == PAD_ID
        x_u[:, 0] = x_m[:, 0]
        loss_x = teacher_loss(self.teacher(x_u, padding), x_m, x_u, padding, padding)
        loss_y = teacher_loss(self.teacher(x_m, padding), x_m, y_m, padding, y_m == PAD_ID)
        ((loss_x + loss_y) / self.settings.accumulation).backward()
        return {"teacher.loss_x_m": loss_x.item(), "teacher.loss_y_m": loss_y.item()}


class HardObjective(MetaObjective):
    """Section 4.2: the teacher writes tokens and is rewarded by h."""

    def write(self, batch, written=None):
        """Step 1: tokens drawn from the teacher (or those `written` before), its loss on them and the gradient."""
        x_u = batch["x_u"]
        padding = x_u == PAD_ID
        scores = self.teacher(x_u, padding)
        x_hat, y_hat = written or [draw(part.detach(), x_u, padding) for part in scores]
        loss = teacher_loss(scores, x_hat, y_hat, padding, padding)
        gradient = torch.autograd.grad(loss / self.settings.accumulation, self.teacher_side.parameters)
        return x_hat, y_hat, loss.item(), gradient

    def student_steps(self, batch, x_hat, y_hat):
        """Steps 2 to 5: pseudo, support and query; the student keeps only the first."""
        weights, side = self.student_side.parameters, self.student_side
        before = [weight.detach().clone() for weight in weights]
        loss0 = labeled_loss(self.student, x_hat, y_hat)
        loss0.backward()
        report = {"student.loss0": loss0.item(), "norm.student_pseudo": side.step()}
        after = [weight.detach().clone() for weight in weights]
        loss1 = labeled_loss(self.student, batch["x_s"], batch["y_s"])
        loss1.backward()
        report |= {"student.loss1": loss1.item(), "norm.student_support": side.clip()}
        with torch.no_grad():
            for weight in weights:
                weight -= self.settings.inner_rate * weight.grad
        side.adamw.zero_grad()
        loss2 = labeled_loss(self.student, batch["x_q"], batch["y_q"])
        loss2.backward()
        report |= {"student.loss2": loss2.item(), "norm.student_query": side.clip()}
        with torch.no_grad():
            delta = torch.cat([(old - new).flatten() for old, new in zip(before, after)])
            query = torch.cat([weight.grad.flatten() for weight in weights])
            unscaled = torch.dot(delta, query)
            report |= {"unscaled_h": unscaled.item(), "h": (unscaled / (delta.norm() * query.norm())).item()}
            for weight, new in zip(weights, after):
                weight.copy_(new)
        side.adamw.zero_grad()
        return report

    def micro_step(self, batch, written=None):
        x_hat, y_hat, loss_u, gradient = self.write(batch, written)
        report = {"teacher.loss_u": loss_u} | self.student_steps(batch, x_hat, y_hat)
        if -1 <= report["h"] <= 1:
            self.teacher_side.accumulate(gradient, report["h"])
        report |= self.teach_masked_text(batch)
        self.done += 1
        if self.done % self.settings.accumulation == 0:
            report["norm.teacher"] = self.teacher_side.step()
        return report


class SoftObjective(MetaObjective):
    """Section 4.3: the teacher writes distributions and is differentiated through the student's two steps."""

    def meta_gradient(self, batch):
        """The losses, the teacher's meta gradient and the gradient of the student's pseudo step."""
        settings, x_u = self.settings, batch["x_u"]
        padding = x_u == PAD_ID
        scores_x, scores_y = self.teacher(x_u, padding)
        x_hat = torch.softmax(scores_x, dim=-1)
        scores = self.student(x_hat, padding)
        if settings.fixed_y:
            loss0 = hard_loss(scores, x_u, padding)
        else:
            loss0 = soft_loss(scores, torch.softmax(scores_y, dim=-1), padding)
        weights = dict(self.student.named_parameters())
        pseudo = torch.autograd.grad(loss0 / settings.accumulation, list(weights.values()), create_graph=True)
        fast = differentiable_adamw(weights, pseudo, self.student_side.adamw)
        loss1 = labeled_loss(self.student_with(fast), batch["x_s"], batch["y_s"])
        support = torch.autograd.grad(loss1, list(fast.values()), create_graph=True)
        fast = {name: fast[name] - settings.inner_rate * part for name, part in zip(fast, support)}
        loss2 = labeled_loss(self.student_with(fast), batch["x_q"], batch["y_q"])
        weighted = loss2 * settings.meta_weight / settings.accumulation
        meta = torch.autograd.grad(weighted, self.teacher_side.parameters, allow_unused=True)
        losses = (loss0, loss1, loss2)
        return {f"student.loss{i}": loss.item() for i, loss in enumerate(losses)}, meta, [g.detach() for g in pseudo]

    def student_with(self, weights):
        return lambda x, padding: functional_call(self.student, weights, (x, padding))

    def micro_step(self, batch):
        report, meta, pseudo = self.meta_gradient(batch)
        self.teacher_side.accumulate(meta)
        self.student_side.accumulate(pseudo)
        report |= self.teach_masked_text(batch)
        self.done += 1
        if self.done % self.settings.accumulation == 0:
            report |= {"norm.teacher": self.teacher_side.step(), "norm.student": self.student_side.step()}
        return report


def draw(scores, x_u, padding):
    """One token per position by the softmax of the scores; padding stays."""
    probabilities = torch.softmax(scores, dim=-1)
    drawn = torch.multinomial(probabilities.view(-1, scores.shape[-1]), 1).view(x_u.shape)
    return torch.where(padding, x_u, drawn)
