#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The includes keep to the plan of the house, and the check that says so sees what breaks it."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docs"))
import rooms  # noqa: E402


class House:
    """A small house of two floors, of which a test spoils one thing."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        self.write("docs/plan.txt", "grids:\nsolver/process: grids\nsolver/law: grids solver/process\n")
        self.write("grids/axis.hpp", "struct Axis {\n};\n")
        self.write("grids/CMakeLists.txt", "umkehr_room(grids)\n")
        self.write("solver/process/process.hpp", '#include "grids/axis.hpp"\nstruct Process {\n  Axis axis;\n};\n')
        self.write("solver/process/CMakeLists.txt", "umkehr_room(process\n  LINK umkehr::grids)\n")
        self.write("solver/law/law.hpp", '#include "solver/process/process.hpp"\nvoid push(const Process& process);\n')
        self.write("solver/law/law.cpp", '#include "grids/axis.hpp"\n#include "solver/law/law.hpp"\n')
        self.write("solver/law/CMakeLists.txt", "umkehr_room(law\n  LINK umkehr::process)\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def faults(self):
        return rooms.faults(self.root)


class Includes(unittest.TestCase):
    def test_this_house_keeps_to_its_plan(self):
        self.assertEqual(rooms.faults(ROOT), [])

    def test_the_picture_is_that_of_the_plan(self):
        drawn = (ROOT / "docs" / "rooms.svg").read_text(encoding="utf-8")
        self.assertEqual(drawn, rooms.drawing(rooms.read_plan(ROOT)), "run docs/rooms.py --draw")


class Faults(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.house = House(self.folder.name)

    def assert_fault(self, *words):
        found = self.house.faults()
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_a_sound_house_has_none(self):
        self.assertEqual(self.house.faults(), [])

    def test_an_arrow_that_points_back(self):
        self.house.write("grids/axis.cpp", '#include "solver/law/law.hpp"\n')
        self.assert_fault("grids/axis.cpp includes solver/law/law.hpp", "no arrow from grids to solver/law")

    def test_a_circle_in_the_plan(self):
        self.house.write("docs/plan.txt", "grids:\nsolver/process: grids solver/law\nsolver/law: grids solver/process\n")
        self.house.write("solver/process/process.cpp", '#include "solver/law/law.hpp"\n')
        found = self.house.faults()
        self.assertIn("solver/process uses solver/law, which does not stand above it", found[0])

    def test_a_room_that_the_plan_does_not_know(self):
        self.house.write("solver/score/score.hpp", '#include "grids/axis.hpp"\nAxis axis_of_score();\n')
        self.assert_fault("no room solver/score")

    def test_an_arrow_that_nothing_follows(self):
        self.house.write("solver/law/law.cpp", '#include "solver/law/law.hpp"\n')
        self.assert_fault("nothing in solver/law includes anything of grids")

    def test_a_target_that_is_not_linked(self):
        self.house.write("solver/process/CMakeLists.txt", "umkehr_room(process)\n")
        found = self.house.faults()
        self.assertIn("the target process does not link to grids", found[0])

    def test_a_header_that_uses_nothing_of_what_it_includes(self):
        self.house.write("solver/law/law.hpp", '#include "solver/process/process.hpp"\nvoid push();\n')
        self.assert_fault("solver/law/law.hpp includes solver/process/process.hpp and uses none of its names")

    def test_a_crowded_room(self):
        for n in range(17):
            self.house.write(f"grids/spare{n}.hpp", "struct Spare {\n};\n")
        self.assert_fault("grids holds 18 units")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
