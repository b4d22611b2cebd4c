"""Times one training step of what the reference computes, in PyTorch; see README.md. Prints one line of JSON."""
import argparse
import json
import statistics
import sys
import time

sys.dont_write_bytecode = True  # no __pycache__ beside the sources

import torch
from check_fixtures import check_all
from model import Student, Teacher
from training import HardObjective, PairObjective, SoftObjective
from workloads import MEASURED, WARM_UP, RandomBatches, batch_rows, settings_of, size_of

OBJECTIVES = ("mlm", "finetune", "hard", "soft")
KEPT_STEPS = 8


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", metavar="FIXTURES", help="compare with the recorded runs instead of timing")
    parser.add_argument("--objective", choices=OBJECTIVES, default="mlm")
    parser.add_argument("--workload", choices=tuple(WARM_UP), default="text")
    parser.add_argument("--batch", type=positive, help="rows of a micro-batch")
    parser.add_argument("--steps", type=positive, help="measured optimizer steps")
    parser.add_argument("--warm-up", type=int, help="steps before them")
    parser.add_argument("--threads", type=positive, default=2)
    parser.add_argument("--layers", type=positive, help="another size, for trying out")
    parser.add_argument("--vocabulary", type=positive, help="another size, for trying out")
    parser.add_argument("--strong", action="store_true", help="what PyTorch of today can do (mlm, finetune)")
    options = parser.parse_args()
    if options.strong and options.objective not in ("mlm", "finetune"):
        parser.error("--strong is for mlm and finetune")
    return options


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected a whole number of at least 1")
    return number


def build(objective, size, settings):
    student = Student(size).train()
    if objective in ("mlm", "finetune"):
        return PairObjective(student, settings)
    kind = HardObjective if objective == "hard" else SoftObjective
    return kind(student, Teacher(size).train(), settings)


def peak_rss_bytes():
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure(options):
    """Steps with all their micro-batches; the batches are made beforehand and repeat."""
    workload, objective, strong = options.workload, options.objective, options.strong
    size = size_of(workload, strong, options.layers, options.vocabulary)
    settings = settings_of(workload, objective, strong)
    rows = options.batch or batch_rows(workload, objective)
    batches = RandomBatches(workload, objective, size, rows)
    accumulation = settings.accumulation
    steps = [[batches.micro_batch(s * accumulation + k) for k in range(accumulation)] for s in range(KEPT_STEPS)]
    trained = build(objective, size, settings)
    warm_up = WARM_UP[workload] if options.warm_up is None else options.warm_up
    times = []
    for index in range(warm_up + (options.steps or MEASURED[workload])):
        began = time.perf_counter()
        for batch in steps[index % KEPT_STEPS]:
            trained.micro_step(batch)
        times.append(time.perf_counter() - began)
    times = times[warm_up:]
    return {
        "objective": objective,
        "workload": workload,
        "batch": rows,
        "stepMsMedian": 1000 * statistics.median(times),
        "stepMsBest": 1000 * min(times),
        "samplesPerSecond": rows * accumulation * len(times) / sum(times),
        "peakRssBytes": peak_rss_bytes(),
        "torch": torch.__version__,
        "threads": options.threads,
        "style": "strong" if strong else "plain",
    }


def main():
    options = parse()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    if options.check is not None:
        return 0 if check_all(options.check) else 1
    print(json.dumps(measure(options)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
