// SPDX-License-Identifier: GPL-3.0-or-later
// The scene that lets ParaView open a result file: XDMF, one temporal collection a group, values at the nodes
// of a uniform mesh of cell centres.
#pragma once

#include <string>

#include "experiments/output/result.hpp"

namespace umkehr {

/// The XML text for the groups that have fields (t, two or three equally spaced axes); empty if there are
/// none. `data` is the result file as seen from the scene. XDMF lists the slowest axis first, as the file
/// does, so ParaView's X is the last axis.
std::string xdmf_scene(const Result& result, const std::string& data);

}  // namespace umkehr
