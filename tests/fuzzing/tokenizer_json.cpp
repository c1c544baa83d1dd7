// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <typeformer/hosted/tokenizers/tokenizer_json.hpp>

/// A tokenizer.json, which then encodes and decodes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  auto with = typeformer::parse_tokenizer_json({reinterpret_cast<const char*>(bytes), size}, "t.json");
  if (!with) return with.error().message().empty() ? __builtin_trap(), 0 : 0;
  with->set_padding({});  // a length of millions is allowed
  for (const std::string_view text :
       {"It's a t\xC3\xA9st <s> [MASK]  12 \xE4\xB8\x96\xF0\x9F\x98\x81", "\xFF\xC3", ""}) {
    const auto encoded = with->encode_pair(text, "two");
    const auto ids = with->encode_ids(text);
    if (ids) (void)with->decode(*ids, true);
    if (!encoded && encoded.error().message().empty()) __builtin_trap();
    if (!encoded) continue;
    for (const auto& offset : encoded->offsets)
      if (offset.begin > offset.end || offset.end > text.size() + 3) __builtin_trap();
  }
  return 0;
}
