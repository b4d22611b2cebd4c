"""Recomputes the recorded runs of the reference (tests/parity/fixtures) with the very classes that are timed.

The measure: scalars |ours - theirs| / |theirs|; tensors: L2 norm of the difference over the L2 norm of the recorded
ones, all parameters of a model together. Soft labels are recomputed in float32 and in float64; their meta gradients are
compared with the float64 recording. While AdamW has no moments yet (batch 0) float32 cancels badly in them: the
reference's own float32 run is up to 1.9e-3 off, so there the tolerance is the one that the recordings state.
"""
import json
import struct
from pathlib import Path

import numpy
import torch
from model import PAD_ID, ModelSize, Student, Teacher
from optimization import Settings
from training import HardObjective, PairObjective, SoftObjective, hard_loss, soft_loss, teacher_loss

LIMIT = 1e-3
WIDER_LIMITS = {("float32", "meta gradient 0"): 5e-3}
DTYPES = {"F32": numpy.float32, "F64": numpy.float64, "I64": numpy.int64, "U8": numpy.uint8}
CASES = ("forward", "mlm", "mlm_accum2", "finetune", "hard", "soft", "soft_fixed_y")
META_BATCH = ("x_u", "x_m", "y_m", "x_s", "y_s", "x_q", "y_q")


def read_safetensors(path):
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        array = numpy.frombuffer(content[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors


class Recording:
    """One variant of one case, with the largest error found so far of each thing compared."""

    def __init__(self, folder, dtype=torch.float32, name="data", strong=False):
        self.tensors = read_safetensors(folder / f"{name}.safetensors")
        self.scalars = json.loads((folder / f"{name}.json").read_text())
        self.dtype, self.strong = dtype, strong
        self.errors = {}

    def part(self, prefix):
        """Tensors whose names begin with the prefix, without it."""
        found = {key[len(prefix) :]: value for key, value in self.tensors.items() if key.startswith(prefix)}
        return {key: value.to(self.dtype) if value.is_floating_point() else value for key, value in found.items()}

    def batch(self, index, names):
        return {name: self.tensors[f"batch{index}.{name}"] for name in names}

    def model(self, kind, prefix):
        config = self.scalars["config"]
        size = ModelSize(
            layers=config["n_layers"],
            width=config["dim"],
            feed_forward=config["ff_dim"],
            heads=config["n_heads"],
            positions=config["max_positions"],
            vocabulary=config["vocab"],
            dropout=0.0,
            attention_dropout=0.0,
            activation=config["activation"],
            pre_norm=config["prenorm"],
            fast_attention=self.strong,
        )
        model = kind(size).to(self.dtype)
        missing = model.load_state_dict(self.part(prefix), strict=False).missing_keys
        assert set(missing) <= {"head.output.weight"}, missing  # tied: loaded with the embedding
        return model

    def settings(self):
        config = self.scalars["config"]
        return Settings(
            learning_rate=config["lr"],
            betas=(config["beta_1"], config["beta_2"]),
            eps=config["eps"],
            weight_decay=config["l2_wd"],
            warmup_steps=config["warmup_steps"],
            decay_power=config["power_decay"],
            max_norm=config["max_grad_norm"],
            accumulation=config["gradient_accumulation"],
            inner_rate=config["inner_lr"],
            meta_weight=config["meta_weight"],
            fixed_y=config["fixed_y"],
            fused=self.strong,
            targets_only=self.strong,
        )

    def note(self, what, error):
        # a NaN must not pass for the smaller one
        self.errors[what] = error if error != error else max(self.errors.get(what, 0.0), error)

    def compare_scalar(self, what, ours, theirs):
        self.note(what, abs(ours - theirs) / abs(theirs))

    def compare_tensors(self, what, ours, theirs):
        assert theirs, f"nothing recorded for {what}"
        difference = torch.cat([(ours[name].double() - theirs[name].double()).flatten() for name in theirs]).norm()
        self.note(what, (difference / torch.cat([part.double().flatten() for part in theirs.values()]).norm()).item())

    def compare_model(self, what, model, prefix):
        ours = {name: weight.detach() for name, weight in model.named_parameters()}
        self.compare_tensors(what, ours, self.part(prefix))


def named(model, gradients):
    return {name: part for (name, _), part in zip(model.named_parameters(), gradients) if part is not None}


def gradients_of(loss, model):
    return named(model, torch.autograd.grad(loss, list(model.parameters())))


def check_forward(recording):
    tensors, scalars = recording.tensors, recording.scalars
    student, teacher = recording.model(Student, "student."), recording.model(Teacher, "teacher.")
    scores = student(tensors["hard.x"], tensors["hard.padding_mask"].bool())
    loss = hard_loss(scores, tensors["hard.y"], tensors["hard.loss_mask"].bool())
    recording.compare_tensors("scores", {"": scores.detach()}, {"": tensors["hard.logits"]})
    recording.compare_scalar("loss", loss.item(), scalars["hard.loss"])
    recording.compare_tensors("gradient", gradients_of(loss, student), recording.part("hard.grad."))
    padding = tensors["teacher_in.padding_mask"].bool()
    scores = teacher(tensors["teacher_in.x"], padding)
    loss = teacher_loss(scores, tensors["teacher_in.target_x"], tensors["teacher_in.target_y"], padding, padding)
    recording.compare_scalar("loss", loss.item(), scalars["teacher.loss"])
    recording.compare_tensors("gradient", gradients_of(loss, teacher), recording.part("teacher_out.grad."))
    x, y = (tensors[f"soft.{name}"].clone().requires_grad_() for name in "xy")
    padding = tensors["soft.padding_mask"].bool()
    loss = soft_loss(student(x, padding), y, padding)
    recording.compare_scalar("soft loss", loss.item(), scalars["soft.loss"])
    inputs = torch.autograd.grad(loss, [x, y], retain_graph=True)
    recording.compare_tensors("soft input gradient", dict(zip("xy", inputs)), recording.part("soft.grad_"))
    recording.compare_tensors("soft gradient", gradients_of(loss, student), recording.part("soft.grad."))


def check_pair(recording):
    student = recording.model(Student, "init.")
    objective = PairObjective(student, recording.settings())
    for index, step in enumerate(recording.scalars["steps"]):
        recording.compare_scalar("rate", objective.optimization.adamw.param_groups[0]["lr"], step["lr_used"])
        report = objective.micro_step(recording.batch(index, "xy"))
        recording.compare_scalar("loss", report["loss"], step["loss"])
        if step["optimizer_stepped"]:
            recording.compare_scalar("gradient norm", report["norm"], step["grad_norm_before_clip"])
        if index == 0:
            recording.compare_model("weights", student, "after_batch0.")
    recording.compare_model("weights", student, "final.")


def compare_report(recording, report, step):
    for name, theirs in step["info"].items():
        if name in report:
            recording.compare_scalar("loss" if ".loss" in name else name, report[name], theirs)
    for name, theirs in step["norms_before_clip"].items():
        recording.compare_scalar("gradient norm", report[f"norm.{name}"], theirs)


def check_hard(recording):
    student, teacher = recording.model(Student, "init.student."), recording.model(Teacher, "init.teacher.")
    objective = HardObjective(student, teacher, recording.settings())
    for index, step in enumerate(recording.scalars["steps"]):
        batch = recording.batch(index, META_BATCH)
        written = tuple(recording.batch(index, ("x_hat", "y_hat")).values())
        if index == 0:
            gradient = named(teacher, objective.write(batch, written)[3])
            recording.compare_tensors("teacher gradient", gradient, recording.part("batch0.teacher_grad_u."))
        report = objective.micro_step(batch, written)
        compare_report(recording, report, step)
        if index == 0:
            total = named(teacher, [weight.grad for weight in teacher.parameters()])
            recording.compare_tensors("teacher gradient", total, recording.part("batch0.teacher_grad_total."))
            recording.compare_model("student", student, "after_batch0.student.")
        if index == 1:
            recording.compare_model("teacher", teacher, "after_batch1.teacher.")
    recording.compare_model("student", student, "final.student.")
    recording.compare_model("teacher", teacher, "final.teacher.")


def check_soft(recording, exact):
    student, teacher = recording.model(Student, "init.student."), recording.model(Teacher, "init.teacher.")
    objective = SoftObjective(student, teacher, recording.settings())
    for index, step in enumerate(recording.scalars["steps"]):
        batch = recording.batch(index, META_BATCH)
        if index in (0, 2):
            _, meta, pseudo = objective.meta_gradient(batch)
            recorded = exact.part(f"batch{index}.teacher_meta_grad.")
            recording.compare_tensors(f"meta gradient {index}", named(teacher, meta), recorded)
            recorded = recording.part(f"batch{index}.student_pseudo_grad.")
            recording.compare_tensors("pseudo gradient", named(student, pseudo), recorded)
        compare_report(recording, objective.micro_step(batch), step)
    recording.compare_model("student", student, "final.student.")
    recording.compare_model("teacher", teacher, "final.teacher.")


def check_case(folder, case):
    """Yields (how, errors): every precision and style that the case is checked in."""
    if case.startswith("soft"):
        for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
            recording = Recording(folder, dtype)
            check_soft(recording, Recording(folder, torch.float64, "data_f64"))
            yield name, recording.errors
        return
    check = {"forward": check_forward, "hard": check_hard}.get(case, check_pair)
    for name in ("float32", "float32 strong") if check is check_pair else ("float32",):
        recording = Recording(folder, strong=name.endswith("strong"))
        check(recording)
        yield name, recording.errors


def check_all(fixtures):
    """Prints a line per case and variant; True where every error is within its limit."""
    passed = compared = 0
    for case in CASES:
        for folder in sorted(path.parent for path in Path(fixtures, case).glob("*/data.safetensors")):
            for how, errors in check_case(folder, case):
                fits = all(error <= WIDER_LIMITS.get((how, what), LIMIT) for what, error in errors.items())
                passed, compared = passed + fits, compared + 1
                line = ", ".join(f"{what} {error:.1e}" for what, error in errors.items())
                worst = max(errors.values(), key=lambda error: (error != error, error))
                print(f"{'ok' if fits else 'FAILED'} {case}/{folder.name} {how}: largest {worst:.1e} ({line})")
    print(f"{passed} of {compared} within {LIMIT:g} relative (float32 meta gradient of batch 0: 5e-3)")
    return 0 < compared == passed
