// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>

namespace typeformer {

/// A line of a chart; points that are not finite leave a gap.
struct chart_line {
  struct point {
    double x = 0, y = 0;
  };
  std::string name;
  std::string colour = "#1f77b4";  ///< as SVG spells it
  double width = 2;                ///< pixels
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

  static chart_axis around(double low, double high, int count) {
    if (!(low <= high)) return {};
    if (low == high) {
      low -= 0.5;
      high += 0.5;
    }
    const double rough = (high - low) / count, power = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
    return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
  }
  int ticks() const { return int(std::lround((high - low) / step)) + 1; }
  double tick(int i) const { return low + i * step; }
  double share(double value) const { return (value - low) / (high - low); }
};

inline std::string svg_escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<') safe += "&lt;";
    else if (c == '&') safe += "&amp;";
    else safe += c;
  }
  return safe;
}

inline std::string chart_number(double value, const char* format = "%.5g") {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
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

  double across(double x) const { return left + (right - left) * x_.share(x); }
  double down(double y) const { return bottom - (bottom - top) * y_.share(y); }
  static std::string pixels(double value) { return chart_number(value, "%.1f"); }

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
      label(across(x_.tick(i)), bottom + 19, "middle", chart_number(x_.tick(i)));
    }
    for (int i = 0; i < y_.ticks(); ++i) {
      segment(left, down(y_.tick(i)), right, down(y_.tick(i)), grid);
      label(left - 8, down(y_.tick(i)) + 4.5, "end", chart_number(std::abs(y_.tick(i)) < y_.step / 2 ? 0 : y_.tick(i)));
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
                line.colour + "\"/>\n";
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
    return "stroke=\"" + line.colour + "\" stroke-width=\"" + pixels(line.width) + "\"" +
           (line.dashed ? " stroke-dasharray=\"6 4\"" : "");
  }

  const line_chart& chart_;
  chart_axis x_, y_;
  std::string svg_;
};

}  // namespace detail

/// The chart as one SVG document that needs nothing else: axes with round numbers, grid, legend.
inline std::string svg_of(const line_chart& chart) { return detail::svg_chart{chart}.text(); }

}  // namespace typeformer
