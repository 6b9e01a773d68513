#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house and the arrows between them, read from the includes and held against docs/plan.txt.

`rooms.py` prints what breaks the plan and exits 1 if anything does; `rooms.py --draw` writes docs/rooms.svg;
`rooms.py --arrows` prints the arrows that there are. `--root DIR` looks at another tree.
"""
import argparse
import collections
import pathlib
import re
import sys

WRAPPED = re.compile(r"^#include <(\w+)/", re.M)
HOUSE = ("grids", "solver", "experiments", "validation")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
# What a header gives to others: its types, aliases, functions and constants at the margin of a namespace.
DECLARED = re.compile(r"^(?:template <.*>\n)?(?:class|struct|enum class|enum|concept|using)\s+(?:\[\[\w+\]\]\s+)?(\w+)"
                      r"|^(?:[\w:<>,&*\s\[\]]+?[\s&*>])(\w+)\(|^(?:inline |constexpr |extern )+[\w:<>]+ (\w+)"
                      r"|^#define (\w+)|^concept (\w+)", re.M)


def sources(root):
    for room in HOUSE:
        for path in sorted((root / room).rglob("*.[ch]pp")):
            yield path


def room_of(path):
    """The folder, but what tests and examples are made of counts as one room."""
    return "validation" if path.parts[0] == "validation" else str(path.parent)


def includes(root):
    """(file, included file), both as they are named from the root."""
    for path in sources(root):
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            yield path.relative_to(root), pathlib.PurePosixPath(name)


def read_plan(root):
    """Room -> the rooms that it may use, in the order of the file."""
    plan = {}
    for line in (root / "docs" / "plan.txt").read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            room, used = line.split(":")
            plan[room.strip()] = used.split()
    return plan


def arrows(root):
    """(room, used room) -> the includes that make the arrow."""
    found = collections.defaultdict(list)
    for file, included in includes(root):
        a, b = room_of(file), room_of(included)
        if a != b:
            found[a, b].append(f"{file} includes {included}")
    return found


def above(room, plan):
    """All that stands below a room: what it uses, and what that uses."""
    seen, open_rooms = set(), list(plan.get(room, ()))
    while open_rooms:
        one = open_rooms.pop()
        if one not in seen:
            seen.add(one)
            open_rooms += plan.get(one, ())
    return seen


def wrong_plan(plan):
    """A plan names each room before it is used, so that no circle can be written down."""
    known = set()
    for room, used in plan.items():
        for one in used:
            if one not in known:
                yield f"docs/plan.txt: {room} uses {one}, which does not stand above it"
        known.add(room)


def wrong_arrows(root, plan):
    for (room, used), because in sorted(arrows(root).items()):
        if room == "validation":
            continue
        if room not in plan:
            yield f"{because[0]}: docs/plan.txt has no room {room}"
        elif used == "validation" or used not in plan[room]:
            yield f"{because[0]}: docs/plan.txt has no arrow from {room} to {used}"


def links(root):
    """CMake target of a room -> the targets that it links to."""
    found = {}
    for lists in sorted(root.rglob("CMakeLists.txt")):
        if lists.relative_to(root).parts[0] in HOUSE:
            for call in re.findall(r"umkehr_room\((\w+)(.*?)\)", lists.read_text(encoding="utf-8"), re.S):
                found[call[0]] = re.findall(r"umkehr::(\w+)", call[1])
    return found


def target_of(room):
    """Sub-rooms are compiled with the room that they belong to."""
    parts = room.split("/")
    return parts[1] if parts[0] == "solver" else parts[0]


def wrong_links(root, plan):
    linked = links(root)
    for room, used in plan.items():
        target = target_of(room)
        for one in used:
            other = target_of(one)
            if other in linked and other != target and other not in above(target, linked):
                yield f"the target {target} does not link to {other}, which docs/plan.txt lets {room} use"


def unused_arrows(root, plan):
    found = arrows(root)
    for room, used in plan.items():
        for one in used:
            if (room, one) not in found:
                yield f"docs/plan.txt: nothing in {room} includes anything of {one}"


def declared(text):
    """A header that wraps a library's gives the names of that."""
    return {name for names in DECLARED.findall(text) for name in names if name} | set(WRAPPED.findall(text))


def idle_includes(root):
    """Headers that include another room's header and use no name of it."""
    for file, included in includes(root):
        if file.suffix != ".hpp" or room_of(file) == room_of(included) or room_of(file) == "validation":
            continue
        names = declared((root / included).read_text(encoding="utf-8"))
        text = INCLUDE.sub("", (root / file).read_text(encoding="utf-8"))
        if names and not any(re.search(rf"\b{name}\b", text) for name in names):
            yield f"{file} includes {included} and uses none of its names"


def crowded_rooms(root, most=16):
    units = collections.Counter()
    for name in {path.relative_to(root).with_suffix("") for path in sources(root)}:
        units[str(name.parent)] += 1
    for room, count in sorted(units.items()):
        if count > most and not room.startswith("validation"):
            yield f"{room} holds {count} units, more than {most}: make a room of some"


def faults(root):
    plan = read_plan(root)
    return [*wrong_plan(plan), *wrong_arrows(root, plan), *wrong_links(root, plan), *unused_arrows(root, plan),
            *idle_includes(root), *crowded_rooms(root)]


def floors(plan):
    """Rooms by floor: each stands one floor over the highest that it uses."""
    level = {}
    for room, used in plan.items():
        level[room] = 1 + max((level[one] for one in used), default=-1)
    rows = collections.defaultdict(list)
    for room, height in level.items():
        rows[height].append(room)
    return [rows[height] for height in sorted(rows)]


def places(rows, width, step):
    """Where rooms stand: those of the command on the right, floors a little askew, so that arrows do not pass through rooms."""
    place = {}
    for level, rooms in enumerate(rows):
        command = [room for room in rooms if room.startswith("experiments")]
        for side, left, wide in ((command, 0.7 * width, 0.3 * width),
                                 ([room for room in rooms if room not in command], 0, 0.7 * width)):
            for n, room in enumerate(side):
                askew = (-0.1, 0, 0.1)[level % 3] * wide if len(side) < 3 else 0
                margin = 3.5 * len(room) + 12
                x = min(max(left + wide * (n + 0.5) / len(side) + askew, margin), width - margin)
                place[room] = (x, step * (len(rows) - level) - step / 2)
    return place


def drawing(plan):
    """An SVG: floors from the ground up, an arrow from each room to those that it uses, but for what follows from others."""
    width, box, high, step = 1500, 26, 12.0, 74
    rows = floors(plan)
    height = step * len(rows)
    place, parts = places(rows, width, step), []
    for room, used in plan.items():
        implied = set().union(*(above(one, plan) for one in used)) if used else set()
        for one in used:
            if one not in implied:
                (x1, y1), (x2, y2) = place[room], place[one]
                parts.append(f'<line x1="{x1:.0f}" y1="{y1 + box / 2:.0f}" x2="{x2:.0f}" y2="{y2 - box / 2:.0f}" '
                             'stroke="#8a8f98" marker-end="url(#tip)"/>')
    for room, (x, y) in place.items():
        wide = 7.0 * len(room) + 16
        parts.append(f'<rect x="{x - wide / 2:.0f}" y="{y - box / 2:.0f}" width="{wide:.0f}" height="{box}" rx="4" '
                     'fill="#f4f1ea" stroke="#3b4252"/>')
        parts.append(f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{room}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            f'font-size="{high:.0f}">\n<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#8a8f98"/></marker></defs>\n'
            '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--draw", action="store_true", help="write docs/rooms.svg")
    parser.add_argument("--arrows", action="store_true", help="print the arrows that there are")
    options = parser.parse_args()
    if options.arrows:
        used = collections.defaultdict(list)
        for room, one in sorted(arrows(options.root)):
            used[room].append(one)
        for room, all_used in used.items():
            print(f"{room}: {' '.join(all_used)}")
        return 0
    if options.draw:
        (options.root / "docs" / "rooms.svg").write_text(drawing(read_plan(options.root)), encoding="utf-8")
        return 0
    found = faults(options.root)
    print("\n".join(found) if found else "the includes keep to the plan")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
