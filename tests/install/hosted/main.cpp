// SPDX-License-Identifier: BSL-1.0
#include <thread>

#include <rapidjson/document.h>
#include <boost/hana/version.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <xsimd/config/xsimd_config.hpp>

#include <typeformer/foundation/result.hpp>

int main() {
  const typeformer::result<int, int> answer{42};
  bool same = false;
  std::thread{[&] { same = *answer == 42; }}.join();
  rapidjson::Document document;
  return same && !document.Parse("{}").HasParseError() ? 0 : 1;
}
