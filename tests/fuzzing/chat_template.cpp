// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <typeformer/text/chat_template.hpp>

/// A chat template, which is parsed and then run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto made = typeformer::chat_template::parse({reinterpret_cast<const char*>(bytes), size});
  if (!made) return made.error().message().empty() ? __builtin_trap(), 0 : 0;
  const std::vector<typeformer::chat_turn> turns{{"system", "Be brief."}, {"user", "Hi"}, {"assistant", "Hello"}};
  const auto text = made->render(turns, {.texts = {{"bos_token", "<s>"}}});
  if (!text && text.error().message().empty()) __builtin_trap();
  return 0;
}
