// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

namespace typeformer::detail {

/// A date as `strftime` writes it, in English. Returns false at a conversion that is not known.
inline bool append_template_date(std::string& text, std::string_view form, const std::tm& date) {
  constexpr std::string_view months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
  constexpr std::string_view days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  const std::string_view month = months[static_cast<std::size_t>(date.tm_mon) % 12],
                         day = days[static_cast<std::size_t>(date.tm_wday) % 7];
  const auto padded = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] != '%') {
      text += form[at];
      continue;
    }
    switch (++at < form.size() ? form[at] : '\0') {
      case 'd': text += padded(date.tm_mday); break;
      case 'm': text += padded(date.tm_mon + 1); break;
      case 'b': text += month.substr(0, 3); break;
      case 'B': text += month; break;
      case 'a': text += day.substr(0, 3); break;
      case 'A': text += day; break;
      case 'y': text += padded(date.tm_year % 100); break;
      case 'Y': text += std::to_string(date.tm_year + 1900); break;
      case 'H': text += padded(date.tm_hour); break;
      case 'M': text += padded(date.tm_min); break;
      case 'S': text += padded(date.tm_sec); break;
      case '%': text += '%'; break;
      default: return false;
    }
  }
  return true;
}

}  // namespace typeformer::detail
