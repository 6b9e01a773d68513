// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/output/xdmf.hpp"

#include <charconv>
#include <cmath>

namespace umkehr {
namespace {

using Names = std::vector<std::string>;

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

double spacing(const Coordinate& axis) {
  return (axis.values.back() - axis.values.front()) / static_cast<double>(axis.values.size() - 1);
}

bool is_uniform(const Coordinate& axis) {
  if (axis.values.size() < 2) return false;
  const double h = spacing(axis);
  for (std::size_t i = 0; i < axis.values.size(); ++i)
    if (!(std::abs(axis.values[i] - axis.values[0] - h * static_cast<double>(i)) <= 1e-6 * std::abs(h)))
      return false;
  return h > 0;
}

bool is_drawable(const Group& group, const Variable& variable) {
  const Names& names = variable.dimensions;
  if (names.size() < 3 || names.size() > 4 || names[0] != "t") return false;
  for (std::size_t k = 1; k < names.size(); ++k)
    if (!is_uniform(*group.coordinate(names[k]))) return false;
  return true;
}

// The fields of a group that share the dimensions of its first drawable one.
std::vector<const Variable*> drawable(const Group& group) {
  std::vector<const Variable*> fields;
  for (const Variable& variable : group.variables)
    if (is_drawable(group, variable) && (fields.empty() || fields[0]->dimensions == variable.dimensions))
      fields.push_back(&variable);
  return fields;
}

// One value an axis of the mesh, slowest first, blanks between.
template <typename Value>
std::string listed(const Group& group, const Names& names, Value value) {
  std::string out;
  for (std::size_t k = 1; k < names.size(); ++k) {
    if (k > 1) out += ' ';
    out += value(*group.coordinate(names[k]));
  }
  return out;
}

std::string sizes(const Group& group, const Names& names) {
  return listed(group, names, [](const Coordinate& axis) { return std::to_string(axis.values.size()); });
}

std::string mesh(const Group& group, const Names& names) {
  const bool plane = names.size() == 3;
  const std::string item = "          <DataItem Dimensions=\"" + std::to_string(names.size() - 1) +
                           "\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">";
  return std::string("        <Topology TopologyType=\"") + (plane ? "2DCoRectMesh" : "3DCoRectMesh") +
         "\" Dimensions=\"" + sizes(group, names) + "\"/>\n        <Geometry GeometryType=\"" +
         (plane ? "ORIGIN_DXDY" : "ORIGIN_DXDYDZ") + "\">\n" + item +
         listed(group, names, [](const Coordinate& axis) { return number(axis.values[0]); }) +
         "</DataItem>\n" + item +
         listed(group, names, [](const Coordinate& axis) { return number(spacing(axis)); }) +
         "</DataItem>\n        </Geometry>\n";
}

std::string repeated(const char* text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// Time n of a field: start, stride and count of the slab in the whole array.
std::string attribute(const Group& group, const Variable& field, std::size_t n, const std::string& data) {
  const Names& names = field.dimensions;
  const std::string axes = sizes(group, names), rank = std::to_string(names.size());
  const std::string times = std::to_string(group.coordinate("t")->values.size());
  return "        <Attribute Name=\"" + field.name + "\" AttributeType=\"Scalar\" Center=\"Node\">\n" +
         "          <DataItem ItemType=\"HyperSlab\" Dimensions=\"" + axes + "\">\n" +
         "            <DataItem Dimensions=\"3 " + rank + "\" NumberType=\"Int\" Format=\"XML\">" +
         std::to_string(n) + repeated(" 0", names.size() - 1) + " 1" + repeated(" 1", names.size() - 1) +
         " 1 " + axes + "</DataItem>\n" + "            <DataItem Dimensions=\"" + times + " " + axes +
         "\" NumberType=\"Float\" Precision=\"8\" Format=\"HDF\">" + escaped_for_xml(data) + ":/" +
         group.name + "/" + field.name + "</DataItem>\n          </DataItem>\n        </Attribute>\n";
}

std::string collection(const Group& group, const std::vector<const Variable*>& fields,
                       const std::string& data) {
  std::string out =
      "    <Grid Name=\"" + group.name + "\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  const std::vector<double>& times = group.coordinate("t")->values;
  for (std::size_t n = 0; n < times.size(); ++n) {
    out += "      <Grid Name=\"" + group.name + "\" GridType=\"Uniform\">\n        <Time Value=\"" +
           number(times[n]) + "\"/>\n" + mesh(group, fields[0]->dimensions);
    for (const Variable* field : fields) out += attribute(group, *field, n, data);
    out += "      </Grid>\n";
  }
  return out + "    </Grid>\n";
}

}  // namespace

std::string xdmf_scene(const Result& result, const std::string& data) {
  std::string grids;
  for (const Group& group : result.groups) {
    const std::vector<const Variable*> fields = drawable(group);
    if (!fields.empty()) grids += collection(group, fields, data);
  }
  if (grids.empty()) return {};
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Xdmf Version=\"2.0\">\n  <Domain>\n" + grids +
         "  </Domain>\n</Xdmf>\n";
}

}  // namespace umkehr
