# SPDX-License-Identifier: GPL-3.0-or-later
"""Which figures are drawn where nobody, or somebody, asks for some."""
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "experiments"))
from figures import catalogue, options  # noqa: E402


class Choice(unittest.TestCase):
    def test_six_that_answer_the_question(self):
        killing = [f"{kind}_{page}" for page in (1, 2, 3, 4) for kind in ("density", "tails")] + ["moments"] + [
            f"{kind}_{page}" for kind in ("bridge_control", "coupling") for page in (1, 2, 3, 4)] + ["killing"]
        chosen = catalogue.answering(killing)
        self.assertEqual(len(chosen), 6)
        self.assertLessEqual({"killing", "density_1", "bridge_control_1", "coupling_1"}, set(chosen))
        few = ["density", "score", "tails", "moments"]
        self.assertEqual(catalogue.answering(few), few)
        self.assertNotIn("tails", catalogue.answering(few + ["value", "pairing", "value_difference"]))

    def test_a_name_stands_for_its_kind(self):
        names = ["density_a", "density_b", "moments", "difference"]
        asked = SimpleNamespace(only=["density", "moments"], all=False, result="r.h5")
        self.assertEqual(options.choose_figures(asked, names, catalogue), names[:3])
        with self.assertRaisesRegex(options.WrongUsage, "did you mean \"difference\".*density_a, density_b"):
            options.choose_figures(SimpleNamespace(only=["diference"], all=False, result="r.h5"), names, catalogue)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
