// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/plots/line_chart.hpp>

#include <limits>
#include <vector>

#include <support/catch.hpp>

namespace typeformer {
namespace {

std::string svg_with(std::vector<double> values) {
  line_chart chart{.title = "t", .x_name = "x", .y_name = "y"};
  chart.lines.push_back({.name = "a"});
  for (std::size_t i = 0; i < values.size(); ++i) chart.lines[0].points.push_back({double(i), values[i]});
  return svg_of(chart);
}

/// The texts of the labels beside the vertical axis.
std::vector<std::string> labels_of(const std::string& svg) {
  constexpr std::string_view mark = "text-anchor=\"end\" >";
  std::vector<std::string> labels;
  for (std::size_t at = 0; (at = svg.find(mark, at)) != svg.npos;) {
    at += mark.size();
    labels.push_back(svg.substr(at, svg.find('<', at) - at));
  }
  REQUIRE_FALSE(labels.empty());
  labels.pop_back();  // the legend's
  return labels;
}

}  // namespace

TEST_CASE("draws any finite numbers with few labels, all different", "[plots]") {
  constexpr double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
  for (const std::vector<double>& values : {std::vector<double>{0, 1},
                                            {0.5, 0.5},
                                            {1e30, 1e30},
                                            {1e300, 1e300},
                                            {-1e18, -1e18},
                                            {least, least},
                                            {0, least},
                                            {-most, most},
                                            {most, most},
                                            {-most, -most},
                                            {1, 1 + 1e-15},
                                            {1000, 1000.001},
                                            {1e15, 1e15 + 1},
                                            {1e-300, 2e-300},
                                            {2.30001, 2.30002},
                                            {123456, 123457}}) {
    CAPTURE(values);
    const std::string svg = svg_with(values);
    CHECK(svg.find("nan") == svg.npos);
    CHECK(svg.find("inf") == svg.npos);
    CHECK(svg.size() < 6'000);
    const std::vector<std::string> labels = labels_of(svg);
    CHECK(labels.size() >= 2);
    CHECK(labels.size() <= 12);
    for (std::size_t i = 1; i < labels.size(); ++i) CHECK(labels[i] != labels[i - 1]);
    const std::size_t path = svg.find("<path d=\"M");
    REQUIRE(path != svg.npos);
    for (const char c : svg.substr(path + 10, svg.find('"', path + 10) - path - 10))
      CHECK(std::string_view("0123456789. L").find(c) != std::string_view::npos);  // no minus: within the frame
  }
}

TEST_CASE("writes round numbers in labels in their short form", "[plots]") {
  CHECK(labels_of(svg_with({0, 1})) == std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8", "1"});
  CHECK(labels_of(svg_with({-2, 2})) == std::vector<std::string>{"-2", "-1", "0", "1", "2"});
}

TEST_CASE("escapes names for XML, as elements and as attributes", "[plots]") {
  line_chart chart{.title = "<&\"]]>\x01\n\xff", .x_name = "x", .y_name = "y"};
  chart.lines.push_back({.name = "a\x1b", .color = "\"/><script>", .points = {{0, 1}, {1, 2}}});
  const std::string svg = svg_of(chart);
  CHECK(svg.find("&lt;&amp;&quot;]]&gt;\\u0001\\n\\xff</text>") != svg.npos);
  CHECK(svg.find("a\\u001b</text>") != svg.npos);
  CHECK(svg.find("<script") == svg.npos);
  CHECK(svg.find("stroke=\"&quot;/&gt;&lt;script&gt;\"") != svg.npos);
}

}  // namespace typeformer
