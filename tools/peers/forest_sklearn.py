"""Trains scikit-learn's random forest as case.json says and prints its scores as JSON. Started by tools/compare-forest.ts."""
import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, log_loss

folder = Path(sys.argv[1])
case = json.loads((folder / "case.json").read_text())
features = case["features"]


def rows(name):
    columns = np.fromfile(folder / f"{name}-columns", dtype="<f8").reshape(features, -1).T
    # It takes no missing values; ours lie below all others, and so does this.
    return np.where(np.isnan(columns), -1e30, columns), np.fromfile(folder / f"{name}-labels", dtype=np.uint8)


train, train_labels = rows("train")
later, later_labels = rows("later")
scores = []
started = time.process_time()
for seed in case["seeds"]:
    forest = RandomForestClassifier(
        n_estimators=case["trees"],
        max_depth=case["depthMax"],
        min_samples_leaf=case["leafRowsMin"],
        max_features="sqrt",
        n_jobs=1,
        random_state=seed,
    ).fit(train, train_labels)
    shares = forest.predict_proba(later)
    scores.append(
        {
            "accuracy": accuracy_score(later_labels, forest.classes_[shares.argmax(axis=1)]),
            "logLoss": log_loss(later_labels, np.clip(shares, 1e-6, 1), labels=forest.classes_),
        }
    )
print(json.dumps({"version": sklearn.__version__, "cpuSeconds": time.process_time() - started, "scores": scores}))
