// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/xdmf.hpp"

#include <charconv>

namespace umkehr {
namespace {

std::string number(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string escaped_for_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string lengths(const SceneGrid& grid) {
  std::string out;
  for (const std::size_t length : grid.shape()) out += (out.empty() ? "" : " ") + std::to_string(length);
  return out;
}

std::string array(const std::string& dimensions, const std::string& data, const std::string& path) {
  return "          <DataItem Dimensions=\"" + dimensions +
         "\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">" + escaped_for_xml(data) + ":/" +
         scene_group + "/" + path + "</DataItem>\n";
}

std::string mesh(const SceneGrid& grid, const std::string& data) {
  return "        <Topology TopologyType=\"3DSMesh\" Dimensions=\"" + lengths(grid) +
         "\"/>\n        <Geometry GeometryType=\"XYZ\">\n" +
         array(lengths(grid) + " 3", data, scene_points(grid)) + "        </Geometry>\n";
}

std::string attribute(const SceneGrid& grid, const SceneField& field, std::size_t n,
                      const std::string& data) {
  return "        <Attribute Name=\"" + field.name + "\" AttributeType=\"" +
         (field.is_vector() ? "Vector" : "Scalar") + "\" Center=\"Node\">\n" +
         array(lengths(grid) + (field.is_vector() ? " 3" : ""), data, scene_view(grid, field, n)) +
         "        </Attribute>\n";
}

std::string collection(const SceneGrid& grid, const std::string& data) {
  const std::string& name = grid.group->name;
  std::string out = "    <Grid Name=\"" + name + "\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (std::size_t n = 0; n < grid.times; ++n) {
    out += "      <Grid Name=\"" + name + "\" GridType=\"Uniform\">\n        <Time Value=\"" +
           number(grid.group->coordinate("t")->values[n]) + "\"/>\n" + mesh(grid, data);
    for (const SceneField& field : grid.fields) out += attribute(grid, field, n, data);
    out += "      </Grid>\n";
  }
  return out + "    </Grid>\n";
}

}  // namespace

std::string xdmf_text(const std::vector<SceneGrid>& scene, const std::string& data) {
  if (scene.empty()) return {};
  std::string grids;
  for (const SceneGrid& grid : scene) grids += collection(grid, data);
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Xdmf Version=\"3.0\">\n  <Domain>\n" + grids +
         "  </Domain>\n</Xdmf>\n";
}

}  // namespace umkehr
