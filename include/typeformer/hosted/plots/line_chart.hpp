// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer {

/// A line of a chart; points that are not finite leave a gap.
struct chart_line {
  struct point {
    double x = 0, y = 0;
  };
  std::string name;
  std::string color = "#1f77b4";  ///< as SVG spells it
  double width = 2;               ///< pixels
  bool dashed = false, marked = false;
  std::vector<point> points{};
};

/// Lines over two linear axes.
struct line_chart {
  std::string title, x_name, y_name;
  std::vector<chart_line> lines{};
};

namespace detail {

/// Round numbers that divide [low, high] into about `count` parts: 1, 2 or 5 times a power of ten apart.
struct chart_axis {
  double low = 0, high = 1, step = 1;

  /// A range that a double cannot divide, such as that of one value, is widened about its middle.
  static chart_axis around(double low, double high, int count) {
    if (!(low <= high)) return {};
    const double largest = std::max(std::abs(low), std::abs(high));
    if (high - low <= std::max(1e-12 * largest, 1e-300)) {
      const double half = std::max(0.5, 1e-3 * largest);
      low = within_doubles(low - half);
      high = within_doubles(high + half);
    }
    const double rough = high / count - low / count, power = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
    return {within_doubles(std::floor(low / step) * step), within_doubles(std::ceil(high / step) * step), step};
  }
  int ticks() const { return int(std::lround(high / step - low / step)) + 1; }
  double tick(int i) const {
    const double half = low / 2 + i * (step / 2);  // the whole may not fit a double
    return std::abs(half) < step / 4 ? 0 : within_doubles(2 * half);
  }
  double fraction(double value) const { return (value / 2 - low / 2) / (high / 2 - low / 2); }
  /// With as many digits as needed to distinguish the neighbors, at least five.
  std::string label(int i) const {
    const double largest = std::max(std::abs(low), std::abs(high));
    return rounded_text(tick(i), std::max(5, 2 + int(std::floor(std::log10(largest)) - std::floor(std::log10(step)))));
  }

 private:
  static double within_doubles(double value) {
    constexpr double most = std::numeric_limits<double>::max();
    return std::clamp(value, -most, most);
  }
};

/// For an element or an attribute. What XML cannot hold is escaped as in messages.
inline std::string svg_escaped(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    if (c == '<') safe += "&lt;";
    else if (c == '>') safe += "&gt;";
    else if (c == '&') safe += "&amp;";
    else if (c == '"') safe += "&quot;";
    else safe += c;
  }
  return safe;
}

class svg_chart {
 public:
  explicit svg_chart(const line_chart& chart) : chart_{chart} {
    chart_axis x{inf, -inf, 1}, y{inf, -inf, 1};
    for (const chart_line& line : chart.lines)
      for (const chart_line::point& p : line.points) {
        if (!is_finite(p.x) || !is_finite(p.y)) continue;
        x = {std::min(x.low, p.x), std::max(x.high, p.x), 1};
        y = {std::min(y.low, p.y), std::max(y.high, p.y), 1};
      }
    x_ = chart_axis::around(x.low, x.high, 8);
    y_ = chart_axis::around(y.low, y.high, 7);
  }

  std::string text() {
    svg_ =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 480\" width=\"800\" height=\"480\" "
        "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222\">\n"
        "<rect width=\"800\" height=\"480\" fill=\"#fff\"/>\n";
    label((left + right) / 2, 28, "middle", chart_.title, "font-size=\"17\"");
    draw_axes();
    for (const chart_line& line : chart_.lines) draw_line(line);
    draw_legend();
    return svg_ + "</svg>\n";
  }

 private:
  static constexpr double inf = std::numeric_limits<double>::infinity();
  static constexpr double left = 70, right = 775, top = 50, bottom = 420;

  double across(double x) const { return left + (right - left) * x_.fraction(x); }
  double down(double y) const { return bottom - (bottom - top) * y_.fraction(y); }
  static std::string pixels(double value) { return fixed_text(value, 1); }

  void label(double x, double y, const char* anchor, std::string_view text, const std::string& more = {}) {
    svg_ += "<text x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\" text-anchor=\"" + anchor + "\" " + more + ">" +
            svg_escaped(text) + "</text>\n";
  }
  void segment(double x1, double y1, double x2, double y2, const std::string& style) {
    svg_ += "<line x1=\"" + pixels(x1) + "\" y1=\"" + pixels(y1) + "\" x2=\"" + pixels(x2) + "\" y2=\"" + pixels(y2) +
            "\" " + style + "/>\n";
  }

  void draw_axes() {
    const std::string grid = "stroke=\"#ddd\"", frame = "stroke=\"#222\"";
    for (int i = 0; i < x_.ticks(); ++i) {
      segment(across(x_.tick(i)), top, across(x_.tick(i)), bottom, grid);
      label(across(x_.tick(i)), bottom + 19, "middle", x_.label(i));
    }
    for (int i = 0; i < y_.ticks(); ++i) {
      segment(left, down(y_.tick(i)), right, down(y_.tick(i)), grid);
      label(left - 8, down(y_.tick(i)) + 4.5, "end", y_.label(i));
    }
    segment(left, bottom, right, bottom, frame);
    segment(left, top, left, bottom, frame);
    label((left + right) / 2, bottom + 45, "middle", chart_.x_name);
    const std::string middle = pixels((top + bottom) / 2);
    label(20, (top + bottom) / 2, "middle", chart_.y_name, "transform=\"rotate(-90 20 " + middle + ")\"");
  }

  void draw_line(const chart_line& line) {
    std::string path;
    bool drawing = false;
    for (const chart_line::point& p : line.points) {
      if (!is_finite(p.x) || !is_finite(p.y)) {
        drawing = false;
        continue;
      }
      path += (drawing ? " L" : path.empty() ? "M" : " M") + pixels(across(p.x)) + " " + pixels(down(p.y));
      drawing = true;
      if (line.marked)
        svg_ += "<circle cx=\"" + pixels(across(p.x)) + "\" cy=\"" + pixels(down(p.y)) + "\" r=\"3\" fill=\"" +
                svg_escaped(line.color) + "\"/>\n";
    }
    if (!path.empty())
      svg_ += "<path d=\"" + path + "\" fill=\"none\" stroke-linejoin=\"round\" " + stroke(line) + "/>\n";
  }

  void draw_legend() {
    double y = top + 18;
    for (const chart_line& line : chart_.lines) {
      segment(right - 30, y - 4.5, right - 5, y - 4.5, stroke(line));
      label(right - 37, y, "end", line.name);
      y += 19;
    }
  }

  static std::string stroke(const chart_line& line) {
    return "stroke=\"" + svg_escaped(line.color) + "\" stroke-width=\"" + pixels(line.width) + "\"" +
           (line.dashed ? " stroke-dasharray=\"6 4\"" : "");
  }

  const line_chart& chart_;
  chart_axis x_, y_;
  std::string svg_;
};

}  // namespace detail

/// The chart as one self-contained SVG document: axes with round numbers, grid, legend. Any finite numbers can be
/// drawn. Numbers have a decimal point in every locale.
inline std::string svg_of(const line_chart& chart) { return detail::svg_chart{chart}.text(); }

}  // namespace typeformer
