// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "experiments/output/disk/hdf5.hpp"
#include "experiments/output/scene.hpp"

namespace umkehr {

/// The scene's group. XDMF gives the fastest index of an array to x, while the first axis of a field is the slowest:
/// positions are written out, and packed they take next to nothing. Neither of ParaView's readers can cut a time out of
/// an array or join components to vectors in a way that the other knows, so for each time there is a virtual dataset:
/// a view of the task's own variables that holds no values. Throws hdf5::Error.
void write_scene(hid_t file, const std::vector<SceneGrid>& scene);

}  // namespace umkehr
