# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact law of a run, where there is one.

A Gaussian mixture under dx = (A(t) x + b(t)) dt + sqrt(D(t)) dW stays a mixture: with M' = A M, q' = A q + b
and V' = A V + V A^T + D each mean m becomes M m + q and each covariance C becomes M C M^T + V. The printed
(2.35) is V for constant D/beta only.
"""
import tomllib
from functools import lru_cache
from itertools import product

import numpy as np

from . import formula

NAMED = {  # drift rate and noise of the processes that have a name
    "brownian": ("0", "diffusion"),
    "ornstein-uhlenbeck": ("beta", "diffusion"),
    "vp": ("beta_min + (beta_max - beta_min)*t",) * 2,
    "vp-cosine": ("pi/(1 + offset)*tan(pi/2*(t + offset)/(1 + offset))",) * 2,
    "ve": ("0", "2*sigma_min^2*log(sigma_max/sigma_min)*(sigma_max/sigma_min)^(2*t)"),
    "sub-vp": ("beta_min + (beta_max - beta_min)*t",
               "(beta_min + (beta_max - beta_min)*t)*(1 - exp(-2*beta_min*t - (beta_max - beta_min)*t^2))"),
}
UNKNOWN = (ValueError, KeyError, TypeError, StopIteration, ArithmeticError, np.linalg.LinAlgError)


class MixtureLaw:
    """ln P and score of a Gaussian mixture at each saved time; NaN where it is a point."""

    def __init__(self, weights, means, covariances):
        """Shapes (K), (T, K, d) and (T, K, d, d) for K parts at T times."""
        self.weights, self.means, self.covariances = weights, means, covariances

    def log_density(self, index, points):
        return np.logaddexp.reduce(self._terms(index, points)[0], axis=0)

    def score(self, index, points):
        """(points, d)"""
        logs, pulls = self._terms(index, points)
        share = np.exp(logs - np.logaddexp.reduce(logs, axis=0))
        return (share[..., None] * pulls).sum(axis=0)

    def cell_means(self, index, centres):
        """Means of the density over the cells of a product grid, by Gauss-Legendre nodes in each."""
        nodes, weights = np.polynomial.legendre.leggauss(6 if len(centres) == 1 else 3)
        total = 0.0
        for choice in product(range(len(nodes)), repeat=len(centres)):
            shifted = [x + 0.5 * (x[1] - x[0]) * nodes[k] for x, k in zip(centres, choice)]
            weight = np.prod([0.5 * weights[k] for k in choice])
            total = total + weight * np.exp(self.log_density(index, grid_points(shifted)))
        return total.reshape([len(x) for x in centres])

    def moments(self, index):
        """Mean (d) and covariance (d, d)."""
        mean = self.weights @ self.means[index]
        away = self.means[index] - mean
        return mean, np.einsum("k,kij->ij", self.weights,
                               self.covariances[index] + away[:, :, None] * away[:, None, :])

    def _terms(self, index, points):
        logs, pulls = [], []
        for weight, mean, covariance in zip(self.weights, self.means[index], self.covariances[index]):
            determinant = np.linalg.det(2 * np.pi * covariance)
            inverse = np.linalg.inv(covariance) if determinant > 0 else np.nan * covariance
            away = points - mean
            pulls.append(-away @ inverse)
            exponent = 0.5 * (away * pulls[-1]).sum(axis=1)
            logs.append(np.log(weight) - 0.5 * np.log(determinant) + exponent)
        return np.array(logs), np.array(pulls)


def grid_points(centres):
    return np.stack([axis.ravel() for axis in np.meshgrid(*centres, indexing="ij")], axis=-1)


class Laws:
    """The laws of the tasks of an experiment, each found when it is first asked for."""

    def __init__(self, experiment):
        self._experiment, self._found = experiment, {}

    def known(self, task):
        """Whether there is one; it takes less time than the law itself."""
        return self._find(task, "known", lambda: _starts_and_stays_a_mixture(self._experiment, task))

    def of(self, task):
        """The law, or None."""
        return self._find(task, "law", lambda: law(self._experiment, task)) if self.known(task) else None

    def _find(self, task, what, find):
        if (task.name, what) not in self._found:
            self._found[task.name, what] = find()
        return self._found[task.name, what]


def _starts_and_stays_a_mixture(experiment, task):
    if task.solve != "fokker-planck":
        return False
    try:
        document = tomllib.loads(experiment)
        _mixture(_initial(document, task), task.dimension)
        _affine(document["process"], list(task.axes))
        return _on_the_line(document)
    except UNKNOWN:
        return False


def _initial(document, task):
    initial = next(entry["initial"] for entry in document["task"] if entry.get("name", entry["solve"]) == task.name)
    return document["law"][initial] if isinstance(initial, str) else initial


def law(experiment, task):
    """The law of a task, or None where it has no closed form that is known here."""
    if task.solve != "fokker-planck":
        return None
    try:
        document = tomllib.loads(experiment)
        weights, means, covariances = _mixture(_initial(document, task), task.dimension)
        moved = _propagate(experiment, tuple(task.axes), tuple(task.times))
    except UNKNOWN:
        return None
    return MixtureLaw(weights, np.array([means @ M.T + q for M, q, _ in moved]),
                      np.array([M @ covariances @ M.T + V for M, _, V in moved]))


def printed_variance(experiment, task):
    """V as (2.35) is printed, D/beta (1 - exp(-int beta)), and M, for one dimension and b = 0."""
    parts = _affine(tomllib.loads(experiment)["process"], list(task.axes))
    rates = np.array([-2 * parts(t)[0][0, 0] for t in task.times])
    noises = np.array([parts(t)[2][0] for t in task.times])
    factors = np.array([M[0, 0] for M, _, _ in _propagate(experiment, tuple(task.axes), tuple(task.times))])
    with np.errstate(divide="ignore", invalid="ignore"):
        return noises / rates * (1 - factors ** 2), factors


def _on_the_line(document):
    killing = document["process"].get("killing", 0)
    free = all(axis.get("boundary", "reflecting") == "reflecting" for axis in document["axis"])
    return free and formula.evaluate(killing, {}, {}) == 0


def _mixture(initial, dimension):
    parts = initial["mixture"] if "mixture" in initial else [{"weight": 1.0} | initial.get("gaussian", initial)]
    weights = np.array([part["weight"] for part in parts], float)
    means = np.array([np.reshape(part["mean"], dimension) for part in parts], float)
    covariances = np.array([_covariance(part, dimension) for part in parts], float)
    return weights / weights.sum(), means, covariances


def _covariance(part, dimension):
    if "variance" in part:
        return np.diag(np.broadcast_to(part["variance"], dimension))
    return np.reshape(part["covariance"], (dimension, dimension))


@lru_cache(maxsize=8)
def _propagate(experiment, axes, times):
    """(M, q, V) at each time. Raises ValueError where the process is not affine or not on the line."""
    from scipy.integrate import solve_ivp  # slow to import
    document = tomllib.loads(experiment)
    if not _on_the_line(document):
        raise ValueError("killed or periodic")
    parts, d = _affine(document["process"], list(axes)), len(axes)

    def rate(t, state):
        A, b, D = parts(t)
        M, V, q = state[:d * d].reshape(d, d), state[d * d:2 * d * d].reshape(d, d), state[2 * d * d:]
        return np.concatenate([(A @ M).ravel(), (A @ V + V @ A.T + np.diag(D)).ravel(), A @ q + b])

    now, states = document["time"]["start"], []
    state = np.concatenate([np.eye(d).ravel(), np.zeros(d * d + d)])
    for time in times:
        if time > now:
            # From one saved time to the next: the interpolant within a step is less exact than its end.
            run = solve_ivp(rate, (now, time), state, "DOP853", rtol=3e-14, atol=1e-16)
            now, state = time, run.y[:, -1]
        states.append(state)
    return [(s[:d * d].reshape(d, d), s[2 * d * d:], s[d * d:2 * d * d].reshape(d, d)) for s in states]


def _affine(process, axes):
    """(t) -> A (d, d), b (d), D (d). Raises ValueError where the drift is not affine."""
    drift, noise = _coefficients(process, axes)
    dimension = len(axes)

    def parts(t):
        b = drift(np.zeros(dimension), t)
        A = np.stack([drift(unit, t) - b for unit in np.eye(dimension)], axis=1)
        return A, b, noise(t)

    for t in (0.3, 0.7):
        A, b, _ = parts(t)
        for x in np.random.default_rng(1).normal(size=(4, dimension)) * 3:
            if not np.allclose(drift(x, t), A @ x + b, rtol=1e-9, atol=1e-9):
                raise ValueError("the drift is not affine")
    return parts


def _coefficients(process, axes):
    definitions = dict(process.get("define", {}))
    if process.get("name") in NAMED:
        definitions |= {key: value for key, value in process.items()
                        if key not in ("name", "define", "killing")}
        rate, noise = NAMED[process["name"]]
        drift = [f"-({rate})*{axis}/2" for axis in axes]
        noise = [noise]
    else:
        drift, noise = process.get("drift"), process["diffusion"]
        drift = [drift] if isinstance(drift, str) else drift
        noise = noise if isinstance(noise, list) else [noise]

    def value(text, x, t):
        return float(formula.evaluate(text, dict(zip(axes, x)) | {"t": t}, definitions))

    def drift_at(x, t):
        if drift is not None:
            return np.array([value(text, x, t) for text in drift])
        # The central difference of a quadratic potential is exact; any other fails the test for being affine.
        steps = np.eye(len(axes))
        return np.array([value(process["potential"], x - s, t) - value(process["potential"], x + s, t)
                         for s in steps]) / 2

    def noise_at(t):
        return np.broadcast_to([value(text, np.zeros(len(axes)), t) for text in noise], len(axes))

    return drift_at, noise_at
