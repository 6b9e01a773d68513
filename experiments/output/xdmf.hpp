// SPDX-License-Identifier: GPL-3.0-or-later
// The scene as ParaView and others read it: XDMF 3, one temporal collection a task, x, y and z where they belong.
#pragma once

#include <string>

#include "experiments/output/scene.hpp"

namespace umkehr {

/// The XML text; empty if the scene is. `data` is the result file as seen from it.
std::string xdmf_text(const std::vector<SceneGrid>& scene, const std::string& data);

}  // namespace umkehr
