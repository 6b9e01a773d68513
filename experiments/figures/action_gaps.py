# SPDX-License-Identifier: GPL-3.0-or-later
"""The action gap of trial scores (3.36, 3.37) over the size of a perturbation, above what the models generate."""
import re

import numpy as np
from matplotlib.patches import Rectangle

from . import drawing

NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
FEWEST = 3  # sizes that make a line
LINES = [("gap_action", r"$\Delta A$ (3.36)",
          {"marker": "o", "linestyle": "none", "markersize": 6, "mfc": "none", "color": drawing.COLOURS[6]}),
         ("gap_score_matching", r"$\frac{1}{2}\int D\,\langle|S - \nabla \ln P|^2\rangle$ (3.37)",
          {"color": drawing.COLOURS[0]}),
         ("gap_feasible", r"the same under the model's $\hat P$", {"color": drawing.COLOURS[2], "linestyle": "--"}),
         ("endpoint_kl", r"$D_{\mathrm{KL}}(P_{\mathrm{start}} \Vert \hat P_{\mathrm{start}})$",
          {"color": drawing.COLOURS[1], "marker": "s", "markersize": 4})]


def figures(result):
    if not result.gaps:
        return
    yield "action_gap", lambda: _draw(result)


def _draw(result):
    sizes, swept = sweep(result.gaps)
    others = [gap for gap in result.gaps if not any(gap is one for one in swept)]
    panels = [panel for panel in (swept, others) if panel]
    figure, row = drawing.row(len(panels), 3.6, 3.5, 1.2)
    drawing.title(figure, result.title)
    for axes, panel in zip(row, panels):
        _over_size(axes, sizes, swept) if panel is swept else _one_by_one(axes, others)
    return figure


def sweep(gaps):
    """(Sizes, gaps) of the largest set of scores that differ in one number alone, by that number."""
    best = ([], [])
    for gap in gaps:
        parts, numbers = NUMBER.split(gap.score), NUMBER.findall(gap.score)
        alike = [other for other in gaps if NUMBER.split(other.score) == parts]
        for place in range(len(numbers)):
            found = {}
            for other in alike:
                own = NUMBER.findall(other.score)
                if own[:place] + own[place + 1:] == numbers[:place] + numbers[place + 1:] and float(own[place]) > 0:
                    found.setdefault(float(own[place]), other)
            if len(found) >= FEWEST and len(found) > len(best[0]):
                best = (sorted(found), [found[size] for size in sorted(found)])
    return best


def _over_size(axes, sizes, gaps):
    sizes = np.array(sizes)
    top = np.array([gap.scalars.get("gap_score_matching", np.nan) for gap in gaps])
    axes.loglog(sizes, 2.5 * top[-1] * (sizes / sizes[-1]) ** 2, color="0.6", linewidth=0.8, linestyle=":",
                label=r"$\propto \varepsilon^2$")
    for key, label, look in LINES:
        values = np.array([gap.scalars.get(key, np.nan) for gap in gaps])
        if np.isfinite(values).any():
            axes.loglog(sizes, values, label=label, zorder=3 if look.get("mfc") else 2, **look)
    axes.set_xticks(sizes, [f"{size:.3g}" for size in sizes])
    axes.minorticks_off()
    parts = NUMBER.split(gaps[0].score)
    axes.set_xlabel(r"size $\varepsilon$ of the perturbation")
    axes.set_title(drawing.plain(_with_size(gaps, parts)), fontsize=drawing.small(0.9))
    axes.set_ylabel("nats")
    axes.legend(loc="upper left", fontsize=drawing.small(0.8))


def _with_size(gaps, parts):
    """The score with the number that varies written as a letter."""
    lists = [NUMBER.findall(gap.score) for gap in gaps]
    words = [own if len({one[place] for one in lists}) == 1 else "ε" for place, own in enumerate(lists[0])]
    return "S = " + "".join(part + word for part, word in zip(parts, [*words, ""]))


def _one_by_one(axes, gaps):
    bars = [line for line in LINES if line[0] != "gap_action"]
    for number, gap in enumerate(gaps):
        for place, (key, _, look) in enumerate(bars):
            if key in gap.scalars:
                axes.barh(number + 0.26 * (place - 1), gap.scalars[key], height=0.24, color=look["color"])
    values = [gap.scalars[key] for gap in gaps for key, _, _ in bars if gap.scalars.get(key, 0) > 0]
    if values and max(values) > 30 * min(values):
        axes.set_xscale("log")
        axes.set_xlim(10 ** np.floor(np.log10(min(values))), None)
    axes.set_yticks(range(len(gaps)), [f"S = {drawing.plain(gap.score)}" for gap in gaps])
    axes.set_ylim(len(gaps) - 0.5, -0.5)
    axes.set_xlabel("nats")
    axes.set_title("other scores, colours as before" if len(axes.figure.axes) > 1 else "", fontsize=drawing.small(0.9))
    if len(axes.figure.axes) == 1:
        axes.legend([Rectangle((0, 0), 1, 1, color=look["color"]) for _, _, look in bars],
                    [label for _, label, _ in bars], fontsize=drawing.small(0.8))
