# SPDX-License-Identifier: GPL-3.0-or-later
"""What does a score of your own cost? Writes it on a grid, and reads its action gap (3.36, 3.37) back.

Usage: own_score.py [UMKEHR], where UMKEHR is the command. Needs numpy and h5py. Replace `score` by your network, for
instance a PyTorch module:

    def score(x, t):
        with torch.no_grad():
            inputs = torch.tensor(numpy.stack([x, numpy.full_like(x, t)], axis=-1), dtype=torch.float32)
            return network(inputs).squeeze(-1).double().numpy()

The file holds a group with the axes (t, x, ...) and the score on them: `score` in one dimension, else one dataset a component,
`score_x`, `score_y`. Times must cover [start, stop]; between them and the points the field is interpolated to order 8, beyond
the outer points it goes on linearly.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy

EXPERIMENT = """
title = "A score of one's own"
[process]
name = "vp"
beta_min = 0.1
beta_max = 20.0
[time]
start = 0.0
stop = 1.0
save = 2
[[axis]]
name = "x"
from = -8.0
to = 8.0
points = 256
[[task]]
name = "forward"
solve = "fokker-planck"
method = "fourier"
initial = { mixture = [ { weight = 0.35, mean = [-1.2], covariance = [[0.16]] },
                        { weight = 0.65, mean = [0.9], covariance = [[0.3025]] } ] }
[[task]]
name = "mine"
solve = "action-gap"
of = "forward"
score = { field = "score.h5", variable = "model/score" }
start = 0.1
"""


def score(x, t):
    """A stand-in for a network: -x and bumps of x and t, fitted to samples by the denoising loss (3.43)."""
    return -x + _features(x, t) @ WEIGHTS


RANDOM = numpy.random.default_rng(1)
CENTRES, POWERS = numpy.linspace(-3, 3, 9), numpy.arange(6)


def _features(x, t):
    x, t = numpy.broadcast_arrays(numpy.asarray(x, float), numpy.asarray(t, float))
    bumps = numpy.exp(-0.5 * (x[..., None] - CENTRES) ** 2 / 0.6 ** 2)
    product = bumps[..., :, None] * (t[..., None] ** POWERS)[..., None, :]
    return product.reshape(*x.shape, -1)


def _train(count=40_000):
    """Least squares for E |S(x, t) + z/sqrt(v)|^2, x = m x_0 + sqrt(v) z."""
    left = RANDOM.random(count) < 0.35
    data = numpy.where(left, -1.2 + 0.4 * RANDOM.normal(size=count), 0.9 + 0.55 * RANDOM.normal(size=count))
    t = RANDOM.uniform(0.1, 1, count)
    mean = numpy.exp(-0.5 * (0.1 * t + 9.95 * t * t))
    noise, width = RANDOM.normal(size=count), numpy.sqrt(1 - mean ** 2)
    x = mean * data + width * noise
    features = _features(x, t)
    return numpy.linalg.solve(features.T @ features + 1e-2 * numpy.eye(features.shape[1]),
                              features.T @ (x - noise / width))


def write_score(file, t, x):
    with h5py.File(file, "w") as opened:
        group = opened.create_group("model")
        group["t"], group["x"] = t, x
        group["score"] = numpy.array([score(x, time) for time in t])


def gap(umkehr, folder):
    """The scalars of the task `mine`, and its warnings."""
    write_score(folder / "score.h5", numpy.linspace(0.1, 1, 91), numpy.linspace(-6, 6, 241))
    (folder / "own_score.toml").write_text(EXPERIMENT)
    command = [umkehr, "run", "own_score.toml", "--json", "--quiet"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["tasks"]["mine"]


WEIGHTS = _train()

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for name, value in gap(sys.argv[1] if len(sys.argv) > 1 else "umkehr", pathlib.Path(scratch)).items():
            if isinstance(value, (int, float)):
                print(f"{name:20} {value:.10g}")
