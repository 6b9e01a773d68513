# SPDX-License-Identifier: GPL-3.0-or-later
"""The two problems on which speed is compared, with their grids and errors. dx = F dt + sqrt(D) dW."""
import numpy as np


class DoubleWell:
    """T1: F = x - x^3, D = 1/2, no flux at -4 and 4, from N(-1, 0.1^2) to t = 2.

    The reference is a sinc expansion of the symmetrised generator -(D/2) d^2 + F^2/(2D) + F'/2 at 720 points,
    with an error near 1e-12. Finite volumes are compared as cell means, the others as values at the centres.
    """
    half_width, diffusion, stop, mean, deviation = 4.0, 0.5, 2.0, -1.0, 0.1

    @staticmethod
    def drift(x):
        return x - x ** 3

    @classmethod
    def grid(cls, points):
        width = 2 * cls.half_width / points
        return width, -cls.half_width + width * (np.arange(points) + 0.5)

    @classmethod
    def start(cls, x):
        return np.exp(-0.5 * ((x - cls.mean) / cls.deviation) ** 2) / (cls.deviation * np.sqrt(2 * np.pi))

    @classmethod
    def weight(cls, x):
        """Square root of the stationary density, up to a factor."""
        return np.exp(-(x ** 4 / 4 - x ** 2 / 2 + 0.25) / cls.diffusion)

    @classmethod
    def spectral(cls, points, half_width):
        """(spacing, centres, P at the end) by diagonalising the generator in sinc functions."""
        spacing = 2 * half_width / points
        x = -half_width + spacing * (np.arange(points) + 0.5)
        apart = np.arange(points)[:, None] - np.arange(points)
        safe = np.where(apart == 0, 1, apart)
        second = np.where(apart == 0, np.pi ** 2 / 3,
                          2.0 * np.where(apart % 2, -1.0, 1.0) / safe ** 2) / spacing ** 2
        generator = 0.5 * cls.diffusion * second
        generator[np.diag_indices(points)] += cls.drift(x) ** 2 / (2 * cls.diffusion) + 0.5 * (1 - 3 * x ** 2)
        rates, modes = np.linalg.eigh(generator)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            scaled = np.where(cls.start(x) > 1e-300, cls.start(x) / cls.weight(x), 0.0)
        decayed = np.exp(-np.maximum(rates, 0) * cls.stop) * (modes.T @ scaled)
        return spacing, x, (modes @ decayed) * cls.weight(x)

    @classmethod
    def reference(cls, points):
        if not hasattr(cls, "_fine"):
            spacing, x, density = cls.spectral(720, 4.5)
            cls._fine = spacing, x, density / cls.weight(x)
        spacing, x, scaled = cls._fine
        values = [np.sinc((part[:, None] - x) / spacing) @ scaled
                  for part in np.array_split(points, len(points) // 2000 + 1)]
        return np.concatenate(values) * cls.weight(points)

    @classmethod
    def error(cls, density, cell_means):
        width, centres = cls.grid(len(density))
        if cell_means:
            nodes, weights = np.polynomial.legendre.leggauss(6)
            inside = (centres[:, None] + 0.5 * width * nodes).ravel()
            truth = 0.5 * cls.reference(inside).reshape(len(density), -1) @ weights
        else:
            truth = cls.reference(centres)
        return float(np.abs(density - truth).sum() * width)


class Rotation:
    """T2: F = (-x + 2y, -y - 2x)/2, D = 1/2 on [-6, 6]^2, from N((1.5, 0), diag(0.16, 0.36)) to t = 1."""
    half_width, diffusion, stop = 6.0, 0.5, 1.0

    @classmethod
    def grid(cls, points):
        width = 2 * cls.half_width / points
        return width, -cls.half_width + width * (np.arange(points) + 0.5)

    @classmethod
    def exact(cls, points, t):
        _, x = cls.grid(points)
        turned = np.exp(-t / 2) * np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])
        covariance = turned @ np.diag([0.16, 0.36]) @ turned.T + cls.diffusion * (1 - np.exp(-t)) * np.eye(2)
        inverse, mean = np.linalg.inv(covariance), turned @ [1.5, 0.0]
        dx, dy = x[:, None] - mean[0], x[None, :] - mean[1]
        exponent = inverse[0, 0] * dx * dx + 2 * inverse[0, 1] * dx * dy + inverse[1, 1] * dy * dy
        return np.exp(-0.5 * exponent) / (2 * np.pi * np.sqrt(np.linalg.det(covariance)))

    @classmethod
    def error(cls, density):
        width, _ = cls.grid(len(density))
        return float(np.abs(density - cls.exact(len(density), cls.stop)).sum() * width ** 2)
