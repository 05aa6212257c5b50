"""Trains PyTorch's LSTM as case.json says and prints its losses as JSON. Started by tools/compare-lstm.ts."""
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)
folder = Path(sys.argv[1])
case = json.loads((folder / "case.json").read_text())
shape, options = case["shape"], case["options"]
steps, features, units, outputs = (shape[name] for name in ("steps", "features", "units", "outputs"))
has_classes = shape["head"] == "CLASSES"


def numbers(name, kind="<f4"):
    return np.fromfile(folder / name, dtype=kind)


def windows(name):
    inputs = torch.from_numpy(numbers(f"{name}-inputs").reshape(-1, steps, features))
    targets = numbers(f"{name}-targets")
    return inputs, torch.from_numpy(targets.astype(np.int64) if has_classes else targets.reshape(-1, outputs))


lstm = torch.nn.LSTM(features, units, batch_first=True)
head = torch.nn.Linear(units, outputs)
initial = numbers("initial")
recurrent = initial[: units * (units + features + 1) * 4].reshape(units, units + features + 1, 4)
# Ours: unit, row, gate. Theirs: gate, unit in the rows of one matrix for outputs and one for features.
by_gate = torch.from_numpy(recurrent.transpose(2, 0, 1).reshape(4 * units, -1).copy())
dense = torch.from_numpy(initial[recurrent.size :].copy())
with torch.no_grad():
    lstm.weight_hh_l0.copy_(by_gate[:, :units])
    lstm.weight_ih_l0.copy_(by_gate[:, units : units + features])
    lstm.bias_ih_l0.copy_(by_gate[:, -1])
    # They have two biases for every gate, which is one too many.
    lstm.bias_hh_l0.zero_()
    head.weight.copy_(dense[: outputs * units].reshape(outputs, units))
    head.bias.copy_(dense[outputs * units :])
lstm.bias_hh_l0.requires_grad_(False)
learned = [parameter for parameter in [*lstm.parameters(), *head.parameters()] if parameter.requires_grad]
adam = torch.optim.Adam(
    learned, lr=options["rate"], betas=(options["meanDecay"], options["squareDecay"]), eps=options["epsilon"]
)
loss_of = torch.nn.CrossEntropyLoss() if has_classes else torch.nn.MSELoss()


def results(inputs):
    return head(lstm(inputs)[0][:, -1])


inputs, targets = windows("train")
later_inputs, later_targets = windows("later")
losses = []
started = time.process_time()
for epoch in range(options["epochs"]):
    order = torch.from_numpy(numbers(f"order-{epoch}", "<i4").astype(np.int64))
    total = 0.0
    for batch in order.split(options["batch"]):
        adam.zero_grad()
        loss = loss_of(results(inputs[batch]), targets[batch])
        loss.backward()
        if options["clipNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(learned, options["clipNorm"])
        adam.step()
        total += loss.item() * len(batch)
    with torch.no_grad():
        later = loss_of(results(later_inputs), later_targets).item()
    losses.append({"train": total / len(inputs), "later": later})
print(json.dumps({"version": torch.__version__, "cpuSeconds": time.process_time() - started, "losses": losses}))
